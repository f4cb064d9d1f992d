import { upPartySchema, type OidcUpParty } from '@corsac/model';
import type { Frame } from '../../../sequence/sequence.js';
import { clientIdOf, memoryOf, newMemory, sequenceIdOf } from './oidc-memory.js';

const sequence = 'abcDEF_-'.repeat(4);
const partyWith = (fields: object = {}): OidcUpParty =>
  upPartySchema.parse({ type: 'oidc', name: 'op', authority: 'https://op.example', ...fields }) as OidcUpParty;
const made = (fields: object = {}) => newMemory(sequence, partyWith(fields), { issuer: 'https://op.example' });

describe('what is remembered of a request to a provider', () => {
  it('has a state that names its sequence and cannot be guessed from it', () => {
    const { state } = made();
    expect(sequenceIdOf(state)).toBe(sequence);
    expect(made().state).not.toBe(state);
  });

  it.each([
    undefined,
    '',
    sequence,
    `${sequence}.`,
    `${sequence}.short`,
    `short.${'a'.repeat(24)}`,
    `${sequence}.${'a'.repeat(24)}\n`,
    `../${sequence}.${'a'.repeat(24)}`,
  ])('is not found by %p', (state) => {
    expect(sequenceIdOf(state)).toBeUndefined();
  });

  it('has a verifier where there is a code and PKCE is on', () => {
    expect(made().code_verifier).toMatch(/^[\w-]{64}$/);
    expect(made({ response_type: 'code id_token' })).toHaveProperty('code_verifier');
    expect(made({ response_type: 'id_token' })).not.toHaveProperty('code_verifier');
    expect(made({ enable_pkce: false })).not.toHaveProperty('code_verifier');
  });

  it('is told from what other kinds remember', () => {
    const frame = (up?: object): Frame => ({ up }) as unknown as Frame;
    expect(memoryOf(frame(made()))).toBeDefined();
    for (const up of [undefined, {}, { ask: true }, { hop_id: 'x' }, { state: 'x' }])
      expect(memoryOf(frame(up))).toBeUndefined();
  });

  it('is about the client id there, by default the name', () => {
    expect(clientIdOf(partyWith())).toBe('op');
    expect(clientIdOf(partyWith({ client_id: 'us' }))).toBe('us');
  });
});
