import { parseParameters } from '../parameters/parse-parameters.js';
import {
  checkRedemption,
  invalidCode,
  readCodeRequest,
  type CodeBinding,
  type CodeRequest,
} from './authorization-code.js';
import { grantIdCharacters, grantOfJti, jtiOf } from './grant-id.js';
import { challengeOf, isVerifierOf } from './pkce.js';

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
const now = 1_800_000_000;

describe('PKCE, RFC 7636', () => {
  it('is that of the example in RFC 7636 appendix B', () => {
    expect(challengeOf(verifier)).toBe(challenge);
    expect(isVerifierOf(verifier, challenge)).toBe(true);
  });

  it.each([43, 128])('accepts a verifier of %i characters', (length) => {
    const text = 'aZ0-._~'.repeat(20).slice(0, length);
    expect(isVerifierOf(text, challengeOf(text))).toBe(true);
  });

  it.each([
    ['shorter than 43 characters', 'a'.repeat(42)],
    ['longer than 128 characters', 'a'.repeat(129)],
    ['with a character that is not unreserved', `${'a'.repeat(42)}+`],
    ['with a line break at the end', `${'a'.repeat(43)}\n`],
    ['that is empty', ''],
  ])('refuses a verifier %s', (_title, text) => {
    expect(isVerifierOf(text, challengeOf(text))).toBe(false);
  });

  it('refuses the challenge itself: that would be plain', () => {
    expect(isVerifierOf(challenge, challenge)).toBe(false);
    expect(isVerifierOf(verifier, verifier.slice(1))).toBe(false);
  });
});

describe('grant ids', () => {
  const grant_id = Buffer.alloc(16, 0xab).toString('base64url');

  it('begin the jti of every token of the grant', () => {
    expect(grant_id).toHaveLength(grantIdCharacters);
    const jti = jtiOf(grant_id, Buffer.alloc(12, 1).toString('base64url'));
    expect(jti.startsWith(`${grant_id}.`)).toBe(true);
    expect(grantOfJti(jti)).toBe(grant_id);
  });

  it.each(['', 'short', 'x'.repeat(22), `${'x'.repeat(22)}-y`, `${'*'.repeat(22)}.y`])('are not in %p', (jti) => {
    expect(grantOfJti(jti)).toBeUndefined();
  });
});

describe('the request to redeem a code, RFC 6749 4.1.3', () => {
  const read = (raw: string) => readCodeRequest(parseParameters(raw));

  it('reads it', () => {
    expect(read('code=c&redirect_uri=u&code_verifier=v&resource=a&resource=b')).toEqual({
      ok: true,
      value: { code: 'c', redirect_uri: 'u', code_verifier: 'v', resource: ['a', 'b'] },
    });
    expect(read('code=c&redirect_uri=u')).toEqual({ ok: true, value: { code: 'c', redirect_uri: 'u', resource: [] } });
  });

  it.each(['redirect_uri=u', 'code=&redirect_uri=u', 'code=c'])('refuses %p', (raw) => {
    expect(read(raw)).toMatchObject({ ok: false, error: { error: 'invalid_request' } });
  });
});

describe('redeeming a code, RFC 6749 4.1.3 and RFC 9700 4.5', () => {
  const code: CodeBinding = {
    client_id: 'app',
    redirect_uri: 'https://app.example/cb',
    code_challenge: challenge,
    expires_at: now + 30,
    epoch: 'e1',
  };
  const request: CodeRequest = { code: 'c', redirect_uri: code.redirect_uri, code_verifier: verifier, resource: [] };
  const context = { client_id: 'app', now, epoch: 'e1' };

  it('accepts the right one', () => {
    expect(checkRedemption(code, request, context)).toEqual({ ok: true, value: code });
  });

  it('accepts one without challenge from a client that need not send any', () => {
    const plain = { ...code, code_challenge: undefined };
    expect(checkRedemption(plain, { ...request, code_verifier: undefined }, context)).toMatchObject({ ok: true });
  });

  it('accepts one bound to the key of the proof', () => {
    expect(checkRedemption({ ...code, dpop_jkt: 'k' }, request, { ...context, dpop_jkt: 'k' })).toMatchObject({
      ok: true,
    });
    expect(checkRedemption(code, request, { ...context, dpop_jkt: 'k' })).toMatchObject({ ok: true });
  });

  it.each<[string, Partial<CodeBinding>, Partial<CodeRequest>, object]>([
    ['another client', {}, {}, { client_id: 'other' }],
    ['another redirect_uri', {}, { redirect_uri: 'https://app.example/cb2' }, {}],
    ['a redirect_uri in another case', {}, { redirect_uri: 'https://app.example/CB' }, {}],
    ['an expired code', { expires_at: now }, {}, {}],
    ['a code of an earlier epoch', { epoch: 'e0' }, {}, {}],
    ['a missing verifier', {}, { code_verifier: undefined }, {}],
    ['a wrong verifier', {}, { code_verifier: verifier.replace('d', 'e') }, {}],
    ['the challenge as verifier', {}, { code_verifier: challenge }, {}],
    ['a verifier where no challenge was sent', { code_challenge: undefined }, {}, {}],
    ['another key', { dpop_jkt: 'k' }, {}, { dpop_jkt: 'l' }],
    ['no proof of the key', { dpop_jkt: 'k' }, {}, {}],
  ])('refuses %s in the same words', (_title, codeChanges, requestChanges, contextChanges) => {
    const result = checkRedemption(
      { ...code, ...codeChanges },
      { ...request, ...requestChanges },
      { ...context, ...contextChanges },
    );
    expect(result).toMatchObject({
      ok: false,
      error: { error: 'invalid_grant', error_description: 'the code is not valid' },
    });
    expect(!result.ok && result.error.detail).toBeTruthy();
  });

  it('an unknown code gets the same answer', () => {
    expect(invalidCode('unknown')).toMatchObject({
      error: { error: 'invalid_grant', error_description: 'the code is not valid' },
    });
  });
});
