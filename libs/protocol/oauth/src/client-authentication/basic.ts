import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';

/** Longest header that is looked at, and longest secret. Reference 2.11. */
const limits = { header: 8_192, secret: 500 } as const;

/** Name and secret of a client. */
export interface BasicCredentials {
  readonly client_id: string;
  readonly client_secret: string;
}

/**
 * Reads an `Authorization: Basic` header. Both halves are form-encoded before base64, so that any character can stand in them.
 * RFC 6749 2.3.1 and appendix B.
 * @returns nothing when there is no header or one of another scheme; `invalid_client` when it cannot be read
 */
export const readBasic = (authorization: string | undefined): Outcome<BasicCredentials | undefined, OAuthError> => {
  const encoded = authorization === undefined ? undefined : /^basic +([A-Za-z0-9+/_=-]*) *$/i.exec(authorization);
  if (!encoded) {
    return authorization !== undefined && /^basic\b/i.test(authorization) ? unreadable() : ok(undefined);
  }
  if ((authorization as string).length > limits.header) return unreadable();
  const text = Buffer.from(encoded[1] as string, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return unreadable();
  const client_id = formDecode(text.slice(0, colon));
  const client_secret = formDecode(text.slice(colon + 1));
  if (client_id === undefined || client_secret === undefined || client_secret.length > limits.secret)
    return unreadable();
  return ok({ client_id, client_secret });
};

const formDecode = (text: string): string | undefined => {
  const decoded = /[%+]/.test(text) ? unescaped(text) : text;
  return decoded.includes('\0') ? undefined : decoded;
};

/** A stray percent sign means a client that does not encode: then the text counts as it is. */
const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

const unreadable = () => refuse('invalid_client', 'client authentication failed', 'the Basic header cannot be read');
