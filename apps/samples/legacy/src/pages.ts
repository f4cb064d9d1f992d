import type { Exchanged } from './exchange.js';
import type { SignedIn } from './provider.js';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (value: unknown): string => String(value).replace(/[&<>"]/g, (character) => entities[character] ?? '');

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:0 auto;padding:1rem}
pre{overflow:auto;padding:.75rem;border:1px solid #8886;border-radius:.5rem;white-space:pre-wrap;word-break:break-word}
form{display:inline}a.button,button{display:inline-block;margin:.25rem .5rem .25rem 0;padding:.5rem 1rem;border:1px solid #8888;border-radius:.5rem;background:#5a3df0;color:#fff;text-decoration:none;font:inherit;cursor:pointer}
a.quiet{background:transparent;color:inherit}`;

const page = (title: string, main: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${text(title)}</title><style>${style}</style></head><body><main><h1>${text(title)}</h1>${main}</main></body></html>`;

const back = '<p><a class="button quiet" href="/">Back</a></p>';

const json = (value: unknown): string => `<pre tabindex="0">${text(JSON.stringify(value, undefined, 2))}</pre>`;

export const welcomePage = (): string =>
  page(
    'Legacy application',
    '<p>You are not logged in.</p><p><a class="button" href="/login">Log in by SAML 2.0</a></p>',
  );

export const signedInPage = ({ profile }: SignedIn): string => {
  const { issuer, nameID, nameIDFormat, sessionIndex, attributes } = profile;
  return page(
    'Legacy application',
    `<p>You are logged in.</p>
<form method="post" action="/exchange"><button>Exchange the assertion for an access token</button></form>
<a class="button quiet" href="/logout">Log out</a>
<h2>What the assertion says</h2>${json({ issuer, nameID, nameIDFormat, sessionIndex, attributes })}`,
  );
};

export const exchangedPage = ({ answer, claims }: Exchanged): string =>
  claims === undefined
    ? page('The exchange was refused', `${json(answer)}${back}`)
    : page(
        'The assertion was exchanged',
        `<h2>Claims of the access token</h2>${json(claims)}<h2>What the token endpoint answered</h2>${json(answer)}${back}`,
      );

export const errorPage = (what: string): string => page('That did not work', `<p>${text(what)}</p>${back}`);
