import type { IncomingHttpHeaders } from 'node:http';

/** What a request says of who sent it. */
export type Presented =
  | { readonly kind: 'token'; readonly token: string }
  /** No access token, or proof of another kind: RFC 6750 3.1 says nothing of an error then. */
  | { readonly kind: 'none' }
  | { readonly kind: 'malformed' };

/** Node takes no longer headers unless it is told to; tokens of Corsac are a tenth of it. */
export const maxTokenCharacters = 16_384;

const credentials = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** The access token in the `Authorization` header, RFC 6750 2.1. Those in forms and queries do not count: they end in logs. */
export const readBearer = ({ authorization }: Pick<IncomingHttpHeaders, 'authorization'>): Presented => {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return { kind: 'none' };
  if (authorization.length > maxTokenCharacters + 10) return { kind: 'malformed' };
  const token = credentials.exec(authorization.trimEnd())?.[1];
  return token === undefined ? { kind: 'malformed' } : { kind: 'token', token };
};
