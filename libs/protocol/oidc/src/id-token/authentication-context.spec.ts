import { answerAcr, type SignInContext } from './authentication-context.js';

const password: SignInContext = { amr: ['pwd'] };
const factor: SignInContext = { amr: ['pwd', 'otp', 'mfa'], acr: 'mfa' };
const above: SignInContext = { amr: ['pwd'], acr: 'urn:example:high' };

describe('the authentication context that is answered, OIDC Core 2 and 3.1.2.1', () => {
  it.each<[string, string[], SignInContext, string | undefined]>([
    ['nothing when nobody asked and nobody said', [], password, undefined],
    ['what was said when nobody asked', [], factor, 'mfa'],
    ['a password as pwd', ['pwd'], password, 'pwd'],
    ['a password as pwd, whatever is preferred', ['mfa', 'pwd'], password, 'pwd'],
    ['a second factor as mfa', ['pwd', 'mfa'], factor, 'mfa'],
    ['a second factor as pwd where only that was asked', ['1', 'pwd'], factor, 'pwd'],
    ['what it was where nothing asked is reached', ['1', '2'], password, 'pwd'],
    ['no password as second factor', ['mfa'], password, 'pwd'],
    ['a second factor that only amr tells of', ['mfa'], { amr: ['pwd', 'mfa'] }, 'mfa'],
    ['the context of a provider above', ['urn:example:high'], above, 'urn:example:high'],
    ['no weaker context in place of an unknown one', ['pwd'], above, 'urn:example:high'],
    ['nothing where nobody knows how', ['pwd'], { amr: [] }, undefined],
  ])('%s', (_title, asked, signIn, acr) => {
    expect(answerAcr(asked, signIn)).toBe(acr);
  });
});
