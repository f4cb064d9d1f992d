import { hash } from 'node:crypto';
import type { WrittenMail } from '@corsac/contracts';
import { escape } from '../html/escape.js';

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:48rem;margin:0 auto;padding:1rem}
article{border:1px solid #8886;border-radius:.5rem;padding:.5rem 1rem;margin:1rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}`;

/** The page's only style element, for its policy. */
export const outboxStyleHash = `sha256-${hash('sha256', style, 'base64')}`;

/** Addresses become links, everything else stays text. */
const linked = (text: string): string =>
  escape(text).replace(/https?:\/\/[^\s<]+/g, (address) => `<a href="${address}">${address}</a>`);

const article = (mail: WrittenMail): string => `<article>
<h2>${escape(mail.subject)}</h2>
<p>To ${escape(mail.recipient)}, from ${escape(mail.tenant)}/${escape(mail.track)}, <time>${new Date(mail.created * 1000).toISOString()}</time>, ${mail.state}</p>
<pre>${linked(mail.text)}</pre>
</article>`;

/** Mails that the authorize service wrote, newest first. */
export const outboxPage = (mails: readonly WrittenMail[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Outbox</title><style>${style}</style></head>
<body><h1>Outbox</h1>
${mails.length === 0 ? '<p>No mail was written yet.</p>' : mails.map(article).join('\n')}
</body></html>`;
