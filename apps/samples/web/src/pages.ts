import type { SignedIn } from './provider.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (value: unknown): string => String(value).replace(/[&<>"']/g, (character) => entities[character] ?? '');
const json = (value: unknown): string => `<pre>${text(JSON.stringify(value, undefined, 2))}</pre>`;

/** The two readable parts of a token; its signature is the API's to check. */
const parts = (token: string): unknown[] =>
  token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown);

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:0 auto;padding:1rem}
pre{overflow:auto;padding:.75rem;border:1px solid #8886;border-radius:.5rem;white-space:pre-wrap;word-break:break-word}
form{display:inline}a.button,button{display:inline-block;margin:.25rem .5rem .25rem 0;padding:.5rem 1rem;border:1px solid #8888;border-radius:.5rem;background:#5a3df0;color:#fff;text-decoration:none;font:inherit;cursor:pointer}
a.quiet,button.quiet{background:transparent;color:inherit}`;

const page = (title: string, main: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${text(title)}</title><style>${style}</style></head><body><h1>${text(title)}</h1>${main}</body></html>`;

export const upParties: readonly { binding: string; label: string }[] = [
  { binding: '(login)', label: 'Log in' },
  { binding: '(partner-connection)', label: 'Log in at the partner (track link)' },
  { binding: '(partner-oidc)', label: 'Log in at the partner (OpenID Connect)' },
  { binding: '(partner-saml)', label: 'Log in at the partner (SAML 2.0)' },
  { binding: '', label: 'Choose where to log in' },
];

export const welcomePage = (notices: readonly string[]): string =>
  page(
    'Shop',
    `<p>You are not logged in.</p>
<p>${upParties.map(({ binding, label }) => `<a class="button${binding === '(login)' ? '' : ' quiet'}" href="/login?binding=${encodeURIComponent(binding)}">${text(label)}</a>`).join('')}</p>
${noticesList(notices)}`,
  );

export const signedInPage = (signedIn: SignedIn, notices: readonly string[]): string =>
  page(
    `Hello ${text(signedIn.claims['name'] ?? signedIn.claims['email'] ?? signedIn.claims['sub'])}`,
    `<div><a class="button quiet" href="/userinfo">Ask for user info</a><a class="button quiet" href="/orders">Call the orders API</a>
<form method="post" action="/exchange"><button class="quiet">Exchange the access token</button></form>
<a class="button quiet" href="/refresh">Refresh</a><a class="button" href="/logout">Log out everywhere</a></div>
<h2>Claims of the ID token</h2>${json(signedIn.claims)}
<h2>Access token</h2>${json(parts(signedIn.access_token))}
${noticesList(notices)}`,
  );

export const answerPage = (title: string, answer: unknown): string =>
  page(title, `${json(answer)}<p><a class="button quiet" href="/">Back</a></p>`);

export const exchangedPage = (answer: { readonly access_token: string }): string =>
  page(
    'The access token was exchanged',
    `<h2>Access token that can read orders only</h2>${json(parts(answer.access_token))}
<h2>What the token endpoint answered</h2>${json(answer)}<p><a class="button quiet" href="/">Back</a></p>`,
  );

export const errorPage = (what: string): string =>
  page('That did not work', `<p>${text(what)}</p><p><a class="button quiet" href="/">Back</a></p>`);

const noticesList = (notices: readonly string[]): string =>
  notices.length === 0
    ? ''
    : `<h2>Logouts that were heard</h2><ul>${notices.map((notice) => `<li>${text(notice)}</li>`).join('')}</ul>`;
