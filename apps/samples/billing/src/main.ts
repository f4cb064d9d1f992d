/**
 * The demo's second API: only a token that `orders` got for a user by token exchange opens it, and it shows who acts for
 * whom (`act`, RFC 8693 4.1). `node apps/samples/billing/dist/main.js`, or all samples with `npm run samples`. It listens
 * on http://localhost:4413 and needs no secret: it only checks signatures.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { accessChecker } from './access.js';
import { actorsOf } from './actors.js';

const corsacUrl = (process.env['CORSAC_BASE_URL'] ?? 'http://localhost:4400').replace(/\/+$/, '');
const port = Number(process.env['PORT'] ?? 4413);
const checkAccess = accessChecker(`${corsacUrl}/acme/-`, 'billing');

const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
  response.end(JSON.stringify(body));
};

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (`${request.method} ${request.url}` !== 'GET /invoices') return send(response, 404, { error: 'not_found' });
  const access = await checkAccess(request.headers.authorization, 'billing.read');
  if ('challenge' in access)
    return send(response, access.status, { error: 'refused' }, { 'www-authenticate': access.challenge });
  const { sub, act } = access.claims;
  const actors = actorsOf(act);
  if (actors.length === 0) return send(response, 403, { error: 'only by token exchange' });
  return send(response, 200, {
    of: sub,
    act,
    acting: actors,
    invoices: [{ order: 1, amount: '120.00', currency: 'EUR' }],
  });
};

createServer((request, response) => void handle(request, response)).listen(
  port,
  process.env['HOST'] ?? 'localhost',
  () => {
    console.log(`The billing API is at http://localhost:${port}/invoices`);
  },
);
