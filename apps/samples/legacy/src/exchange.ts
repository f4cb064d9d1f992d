import type { Settings } from './settings.js';

/** What the token endpoint answered, an error too, and what the access token says when there is one. */
export interface Exchanged {
  readonly answer: object;
  readonly claims?: unknown;
}

/**
 * The signed-in user's assertion for an access token of the legacy API. RFC 8693 2.1, subject token of type
 * `urn:ietf:params:oauth:token-type:saml2`: the assertion in base64url.
 * @returns all of it, for people to see
 */
export const exchangeAssertion = async (
  { track_url, exchange_secret }: Settings,
  assertion: string,
): Promise<Exchanged> => {
  const response = await fetch(`${track_url}/legacy-exchange/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`legacy-exchange:${exchange_secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: Buffer.from(assertion).toString('base64url'),
      subject_token_type: 'urn:ietf:params:oauth:token-type:saml2',
      scope: 'legacy-api.read',
    }),
  });
  const answer = (await response.json()) as { access_token?: string };
  return answer.access_token === undefined ? { answer } : { answer, claims: claimsOf(answer.access_token) };
};

/** To look at; checking them is the API's work. */
const claimsOf = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
