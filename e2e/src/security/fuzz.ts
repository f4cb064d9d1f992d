import { createHash } from 'node:crypto';
import type { RawRequest } from './raw-http.js';

/** Numbers that look random and are the same for the same seed. */
export const numbersFrom = (seed: string): ((below: number) => number) => {
  let count = 0;
  return (below) =>
    createHash('sha256')
      .update(`${seed} ${(count += 1)}`)
      .digest()
      .readUInt32BE() % below;
};

const morsels = [
  ...[
    '%',
    '%00',
    '%2f',
    '%2e',
    '%ff',
    '%0a',
    '&',
    '=',
    '?',
    '#',
    ';',
    ':',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '<',
    '>',
    '\\',
    '/',
    '..',
    '~',
    '*',
    '+',
  ],
  ...[
    'login',
    'shop',
    'acme',
    '-',
    'oauth',
    'saml',
    'null',
    'undefined',
    '__proto__',
    '0',
    '-1',
    '1e9',
    'true',
    'openid',
    'code',
    'e30.e30.',
    '\xff',
    '\t',
  ],
];

/** A request near a right one: its path, query, form and headers with morsels put in, taken out or exchanged. */
export const fuzzed = (path: string, query: string, below: (limit: number) => number): RawRequest => {
  const bend = (text: string): string => {
    let bent = text;
    for (let times = below(4); times > 0; times -= 1) {
      const at = below(bent.length + 1);
      bent = bent.slice(0, at) + (morsels[below(morsels.length)] ?? '') + bent.slice(at + below(6));
    }
    return bent;
  };
  const target = `/${bend(path.slice(1))}${below(2) === 0 ? '' : `?${bend(query)}`}`;
  const headers = [
    `Content-Type: ${bend('application/x-www-form-urlencoded')}`,
    `Authorization: ${bend('Basic c2hvcDpzaG9w')}`,
    `Cookie: ${bend('corsac_browser=abc; corsac=def')}`,
    `Accept: ${bend('text/html')}`,
  ].filter(() => below(2) === 0);
  return below(2) === 0 ? { target, headers } : { method: 'POST', target, headers, body: bend(query) };
};
