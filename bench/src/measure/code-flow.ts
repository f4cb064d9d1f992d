import { createHash, randomBytes } from 'node:crypto';
import { callback, secret, username } from '../setup.js';

/** Query of an authorization request of the application `app` with PKCE, and what redeems its code. */
export const authorizationRequest = (
  scope: string,
  more: Readonly<Record<string, string>> = {},
): { query: string; code_verifier: string } => {
  const code_verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: 'app',
    redirect_uri: callback,
    response_type: 'code',
    scope,
    state: 's',
    nonce: 'n',
    login_hint: username,
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  });
  return { query: query.toString(), code_verifier };
};

/** Form that redeems the code which an address of the application has brought (RFC 6749 4.1.3). */
export const redemptionOf = (arrivedAt: string, code_verifier: string): Readonly<Record<string, string>> => {
  const arrived = new URL(arrivedAt);
  const code = arrived.searchParams.get('code');
  if (!arrivedAt.startsWith(callback) || !code) throw new Error(`no code in ${arrivedAt}`);
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    client_id: 'app',
    client_secret: secret,
    code_verifier,
  };
};
