/**
 * The demo's program without user: gets a token with client credentials (RFC 6749 4.4) and calls the orders API, which
 * calls billing. `npm run samples` in one terminal, then `node apps/samples/worker/dist/main.js` in another: it prints and ends.
 */
import { readSettings, type Settings } from './settings.js';

const accessToken = async ({ track_url, client_secret }: Settings): Promise<string> => {
  const response = await fetch(`${track_url}/orders-worker/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`orders-worker:${client_secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders.read orders.write' }),
  });
  const answer = (await response.json()) as { access_token?: string; error?: string; error_description?: string };
  if (answer.access_token === undefined) throw new Error(`no token: ${answer.error}: ${answer.error_description}`);
  return answer.access_token;
};

const call = async (url: string, method: string, token: string): Promise<void> => {
  const response = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status} ${text}`);
  console.log(JSON.stringify({ [`${method} /orders`]: JSON.parse(text) as unknown }));
};

const main = async (): Promise<void> => {
  const settings = readSettings(process.env);
  const token = await accessToken(settings);
  await call(`${settings.orders_url}/orders`, 'POST', token);
  await call(`${settings.orders_url}/orders`, 'GET', token);
};

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
