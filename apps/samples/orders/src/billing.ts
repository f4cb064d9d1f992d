import type { Settings } from './settings.js';

const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

/** A token of the same user, but for billing and with us as the actor. RFC 8693 2.1. */
const exchange = async ({ track_url, client_secret }: Settings, subject_token: string): Promise<string> => {
  const response = await fetch(`${track_url}/orders/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`orders:${client_secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: tokenExchange,
      subject_token,
      subject_token_type: accessToken,
      audience: 'billing',
      scope: 'billing.read',
    }),
  });
  const answer = (await response.json()) as { access_token?: string; error?: string; error_description?: string };
  if (answer.access_token === undefined)
    throw new Error(`the exchange was refused: ${answer.error}: ${answer.error_description}`);
  return answer.access_token;
};

/** What billing has for the caller. @throws when the token cannot be exchanged or billing refuses */
export const invoicesOf = async (settings: Settings, callersToken: string): Promise<unknown> => {
  const token = await exchange(settings, callersToken);
  const response = await fetch(`${settings.billing_url}/invoices`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`billing answered ${response.status}`);
  return response.json();
};
