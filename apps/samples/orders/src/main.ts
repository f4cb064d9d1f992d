/**
 * The demo's API: takes access tokens for `orders`, and exchanges its caller's token for one of `billing` to ask for the
 * same user's invoices there (RFC 8693). `npm start`, then `node apps/samples/orders/dist/main.js`, or all samples with
 * `npm run samples`. It listens on http://localhost:4412; the shop, the page in the browser and the worker call it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { accessChecker } from './access.js';
import { invoicesOf } from './billing.js';
import { readSettings } from './settings.js';

const settings = readSettings(process.env);
const checkAccess = accessChecker(settings.track_url, 'orders');
const orders = [{ number: 1, what: 'A telescope' }];

interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Route {
  readonly scope: string;
  readonly work: (token: string, sub: string | undefined) => Answer | Promise<Answer>;
}

const routes: Readonly<Record<string, Route>> = {
  'GET /orders': {
    scope: 'orders.read',
    work: async (token, sub) => ({
      status: 200,
      body: { of: sub, orders, billing: await invoicesOf(settings, token) },
    }),
  },
  'POST /orders': {
    scope: 'orders.write',
    work: (_token, sub) => {
      const order = { number: orders.length + 1, what: `Something for ${sub}` };
      orders.push(order);
      return { status: 201, body: order };
    },
  },
};

/** The page in the browser may call us with its token, and no other page. */
const cors = ({ headers }: IncomingMessage): Record<string, string> =>
  headers.origin === settings.spa_origin
    ? {
        'access-control-allow-origin': settings.spa_origin,
        'access-control-allow-headers': 'authorization',
        'access-control-allow-methods': 'GET, POST',
      }
    : {};

const answerTo = async (request: IncomingMessage): Promise<Answer> => {
  if (request.method === 'OPTIONS') return { status: 204 };
  const route = routes[`${request.method} ${request.url?.split('?')[0]}`];
  if (!route) return { status: 404, body: { error: 'not_found' } };
  const access = await checkAccess(request.headers.authorization, route.scope);
  if ('challenge' in access) return { status: access.status, headers: { 'www-authenticate': access.challenge } };
  return route.work(access.token, access.claims.sub);
};

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { status, body, headers } = await answerTo(request).catch((error: unknown) => {
    console.error(error);
    return { status: 502, body: { error: 'billing is not reached' }, headers: {} };
  });
  response.writeHead(status, {
    'cache-control': 'no-store',
    vary: 'origin',
    ...cors(request),
    ...headers,
    'content-type': 'application/json',
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
};

createServer((request, response) => void handle(request, response)).listen(
  settings.port,
  process.env['HOST'] ?? 'localhost',
  () => {
    console.log(`The orders API is at http://localhost:${settings.port}/orders`);
  },
);
