/**
 * The demo's application in the browser: one page and a small script that signs in with oidc-client-ts (code and PKCE, no
 * secret), asks for user info, calls the orders API and signs out. This server only hands out the files.
 * `node apps/samples/spa/dist/main.js`, or all samples with `npm run samples`; then http://localhost:4411.
 */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';

const port = Number(process.env['PORT'] ?? 4411);
const corsacUrl = (process.env['CORSAC_BASE_URL'] ?? 'http://localhost:4400').replace(/\/+$/, '');
const ordersUrl = process.env['ORDERS_URL'] ?? 'http://localhost:4412';

/** The library's own build for browsers, which is not among its exports. */
const library = join(dirname(require.resolve('oidc-client-ts/package.json')), 'dist/browser/oidc-client-ts.min.js');

const attribute = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
const page = readFileSync(join(__dirname, 'page.html'), 'utf8')
  .replace('{authority}', attribute(`${corsacUrl}/acme/-/spa(login)`))
  .replace('{orders}', attribute(ordersUrl));

const files: Readonly<Record<string, { type: string; text: string }>> = {
  '/': { type: 'text/html', text: page },
  // The answer of Corsac comes back to the same page.
  '/callback': { type: 'text/html', text: page },
  '/app.js': { type: 'text/javascript', text: readFileSync(join(__dirname, 'app.js'), 'utf8') },
  '/app.css': { type: 'text/css', text: readFileSync(join(__dirname, 'app.css'), 'utf8') },
  '/oidc-client-ts.js': { type: 'text/javascript', text: readFileSync(library, 'utf8') },
};

/** Only our own script runs, and it speaks with Corsac and the API only. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  `connect-src ${new URL(corsacUrl).origin} ${new URL(ordersUrl).origin}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const send = (response: ServerResponse, path: string): void => {
  const file = files[path];
  response.setHeader('content-security-policy', policy);
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-content-type-options', 'nosniff');
  if (!file) response.writeHead(404, { 'content-type': 'text/plain' }).end('There is no such page.');
  else
    response
      .writeHead(200, { 'content-type': `${file.type}; charset=utf-8`, 'cache-control': 'no-cache' })
      .end(file.text);
};

createServer((request, response) => send(response, new URL(request.url ?? '/', 'http://localhost').pathname)).listen(
  port,
  'localhost',
  () => console.log(`The shop in the browser is at http://localhost:${port}`),
);
