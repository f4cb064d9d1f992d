/**
 * The demo's web application: logs in by every up-party, shows claims and tokens, calls an API, exchanges its token,
 * refreshes, logs out everywhere and shows the logouts it heard of. `node apps/samples/web/dist/main.js`, then http://localhost:4410.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { logoutTokenReader } from './logout.js';
import { answerPage, errorPage, exchangedPage, signedInPage, upParties, welcomePage } from './pages.js';
import { Provider, type SignedIn } from './provider.js';
import { Sessions, type BrowserSession } from './sessions.js';
import { readSettings } from './settings.js';

interface Answer {
  readonly status?: number;
  readonly html?: string;
  readonly location?: string;
}

interface Asked {
  readonly url: URL;
  readonly session: BrowserSession;
  readonly body: URLSearchParams;
}

const settings = readSettings(process.env);
const provider = new Provider(settings);
const sessions = new Sessions();
const readLogoutToken = logoutTokenReader(settings);

const home = ({ session }: Asked): Answer => ({
  html: session.signedIn ? signedInPage(session.signedIn, sessions.notices) : welcomePage(sessions.notices),
});

const login = async ({ url, session }: Asked): Promise<Answer> => {
  const asked = url.searchParams.get('binding') ?? '';
  const binding = upParties.find((upParty) => upParty.binding === asked)?.binding ?? '(login)';
  const { url: location, begun } = await provider.begin(binding);
  session.begun = begun;
  return { location: location.href };
};

const callback = async ({ url, session }: Asked): Promise<Answer> => {
  const { begun } = session;
  if (!begun) return { status: 400, html: errorPage('No login was begun in this browser.') };
  delete session.begun;
  session.signedIn = await provider.complete(url.href, begun);
  return { location: '/' };
};

/** For pages that only make sense to somebody who is logged in. */
const whenSignedIn =
  (work: (signedIn: SignedIn, asked: Asked) => Promise<Answer>) =>
  async (asked: Asked): Promise<Answer> =>
    asked.session.signedIn ? work(asked.session.signedIn, asked) : { location: '/' };

const userInfo = whenSignedIn(async (signedIn) => ({
  html: answerPage('User info', await provider.userInfo(signedIn)),
}));

const orders = whenSignedIn(async ({ access_token }) => {
  const response = await fetch(`${settings.orders_url}/orders`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  return { html: answerPage(`The API answered ${response.status}`, await response.json()) };
});

const exchange = whenSignedIn(async (signedIn) => ({ html: exchangedPage(await provider.exchange(signedIn)) }));

const refresh = whenSignedIn(async (signedIn, { session }) => {
  session.signedIn = await provider.refresh(signedIn);
  return { location: '/' };
});

const logout = whenSignedIn(async (signedIn, { session }) => {
  delete session.signedIn;
  return { location: (await provider.signOutUrl(signedIn)).href };
});

/** OIDC Front-Channel Logout 1.0 3: shown in an iframe of Corsac's logout page. */
const frontChannelLogout = ({ url }: Asked): Answer => {
  sessions.end(url.searchParams.get('sid') ?? '', 'front channel');
  return { html: '<!doctype html><title>logged out</title>' };
};

const backChannelLogout = async ({ body }: Asked): Promise<Answer> => {
  const sid = await readLogoutToken(body.get('logout_token') ?? '');
  if (sid === undefined) return { status: 400, html: '' };
  sessions.end(sid, 'back channel');
  return { status: 200, html: '' };
};

const routes: Readonly<Record<string, (asked: Asked) => Answer | Promise<Answer>>> = {
  'GET /': home,
  'GET /login': login,
  'GET /callback': callback,
  'GET /userinfo': userInfo,
  'GET /orders': orders,
  'POST /exchange': exchange,
  'GET /refresh': refresh,
  'GET /logout': logout,
  'GET /frontchannel-logout': frontChannelLogout,
  'POST /backchannel-logout': backChannelLogout,
};

const longestBody = 100_000;

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = '';
  for await (const chunk of request) if (text.length < longestBody) text += String(chunk);
  return new URLSearchParams(text);
};

const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', `http://localhost:${settings.port}`);
  const { session, setCookie } = sessions.of(request.headers.cookie);
  const route = routes[`${request.method} ${url.pathname}`];
  const answer: Answer = route
    ? await Promise.resolve(route({ url, session, body: await bodyOf(request) })).catch((error: unknown) => ({
        status: 502,
        html: errorPage(describe(error)),
      }))
    : { status: 404, html: errorPage('There is no such page.') };
  if (setCookie) response.setHeader('set-cookie', setCookie);
  response.setHeader('cache-control', 'no-store');
  if (answer.location !== undefined) response.writeHead(303, { location: answer.location }).end();
  else response.writeHead(answer.status ?? 200, { 'content-type': 'text/html; charset=utf-8' }).end(answer.html);
};

const describe = (error: unknown): string => {
  const {
    error: code,
    error_description,
    message,
  } = error as { error?: string; error_description?: string; message?: string };
  return code === undefined ? (message ?? 'unknown') : `${code}: ${error_description ?? ''}`;
};

createServer((request, response) => void handle(request, response)).listen(
  settings.port,
  process.env['HOST'] ?? 'localhost',
  () => {
    console.log(`The shop is at http://localhost:${settings.port}`);
  },
);
