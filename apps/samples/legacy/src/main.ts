/**
 * The demo's SAML application: signs in by SAML 2.0 with node-saml, shows the attributes, exchanges its assertion for an
 * access token (RFC 8693), signs out and hears of logouts. `npm start`, then `node apps/samples/legacy/dist/main.js`, or all samples
 * with `npm run samples`; then http://localhost:4414.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exchangeAssertion } from './exchange.js';
import { errorPage, exchangedPage, signedInPage, welcomePage } from './pages.js';
import { Provider } from './provider.js';
import { Sessions } from './sessions.js';
import { readSettings } from './settings.js';

interface Answer {
  readonly status?: number;
  readonly html?: string;
  readonly location?: string;
  readonly cookie?: string;
}

interface Asked {
  readonly cookie: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

const settings = readSettings(process.env);
const provider = new Provider(settings);
const sessions = new Sessions();

const home = ({ cookie }: Asked): Answer => {
  const signedIn = sessions.of(cookie);
  return { html: signedIn ? signedInPage(signedIn) : welcomePage() };
};

const login = async (): Promise<Answer> => ({ location: await provider.signInUrl() });

const acs = async ({ fields }: Asked): Promise<Answer> => ({
  cookie: sessions.begin(await provider.complete(fields)),
  location: '/',
});

const exchange = async ({ cookie }: Asked): Promise<Answer> => {
  const signedIn = sessions.of(cookie);
  if (!signedIn) return { location: '/' };
  return { html: exchangedPage(await exchangeAssertion(settings, signedIn.assertion)) };
};

const logout = async ({ cookie }: Asked): Promise<Answer> => {
  const signedIn = sessions.of(cookie);
  sessions.end(cookie);
  return { location: signedIn ? await provider.signOutUrl(signedIn) : '/' };
};

/** Both directions end here: the answer to our LogoutRequest, and Corsac's own. SAML profiles 4.4. */
const slo = async ({ fields }: Asked): Promise<Answer> => {
  if (fields['SAMLRequest'] !== undefined) {
    const { profile, answerUrl } = await provider.asked(fields);
    sessions.endOf(profile.nameID, profile.sessionIndex);
    return { location: answerUrl };
  }
  if (!(await provider.signedOut(fields))) throw new Error('the logout was not confirmed');
  return { location: '/' };
};

const routes: Readonly<Record<string, (asked: Asked) => Answer | Promise<Answer>>> = {
  'GET /': home,
  'GET /login': login,
  'POST /acs': acs,
  'POST /exchange': exchange,
  'GET /logout': logout,
  'POST /slo': slo,
};

const longestBody = 200_000;

const fieldsOf = async (request: IncomingMessage): Promise<Record<string, string>> => {
  let text = '';
  for await (const chunk of request) if (text.length < longestBody) text += String(chunk);
  return Object.fromEntries(new URLSearchParams(text));
};

const answerTo = async (request: IncomingMessage): Promise<Answer> => {
  const { pathname } = new URL(request.url ?? '/', settings.own_url);
  const route = routes[`${request.method} ${pathname}`];
  if (!route) return { status: 404, html: errorPage('There is no such page.') };
  return route({ cookie: request.headers.cookie, fields: await fieldsOf(request) });
};

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const answer: Answer = await answerTo(request).catch((error: unknown) => ({
    status: 502,
    html: errorPage((error as Error).message),
  }));
  response.setHeader('cache-control', 'no-store');
  if (answer.cookie !== undefined) response.setHeader('set-cookie', answer.cookie);
  if (answer.location !== undefined) response.writeHead(303, { location: answer.location }).end();
  else response.writeHead(answer.status ?? 200, { 'content-type': 'text/html; charset=utf-8' }).end(answer.html);
};

createServer((request, response) => void handle(request, response)).listen(
  settings.port,
  process.env['HOST'] ?? 'localhost',
  () => {
    console.log(`The legacy application is at ${settings.own_url}`);
  },
);
