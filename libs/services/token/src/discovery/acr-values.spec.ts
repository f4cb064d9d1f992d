import type { UpParty } from '@corsac/model';
import { reachedAcrValues } from './acr-values.js';

const login = { type: 'login', name: 'login', require_two_factor: false } as UpParty;
const strong = { type: 'login', name: 'strong', require_two_factor: true } as UpParty;
const above = { type: 'oidc', name: 'above' } as UpParty;

describe('acr_values_supported, OIDC Discovery 3', () => {
  it.each<[string, (UpParty | undefined)[], readonly string[] | undefined]>([
    ['a password where that is enough', [login], ['pwd']],
    ['a password where not everybody has a second factor', [strong, login], ['pwd']],
    ['a second factor where everybody has one', [strong], ['mfa']],
    ['nothing where a provider above may answer', [login, above], undefined],
    ['nothing where an up-party is not there', [login, undefined], undefined],
    ['nothing where nobody can sign in', [], undefined],
  ])('lists %s', (_title, upParties, values) => {
    expect(reachedAcrValues(upParties)).toEqual(values);
  });
});
