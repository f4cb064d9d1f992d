import { fail, ok, type Outcome } from '@corsac/outcome';
import type { JwtError } from '../errors.js';
import { parseJsonObject, type JsonObject } from '../json.js';

/** A compact JWS taken apart. Nothing in it is believed yet. */
export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** The bytes that the signature covers, as text: header and payload as they came. */
  readonly signed: string;
  readonly signature: Buffer;
}

/** Longest token that is taken apart, in characters. Reference 2.3 and 5.1 allow hints and subject tokens of this size. */
export const maxTokenCharacters = 256_000;

const base64url = /^[A-Za-z0-9_-]+$/;

/**
 * Takes a compact JWS apart without judging it. RFC 7515 5.2 steps 1 to 5: exactly three parts, strict base64url without
 * padding, header and payload JSON objects. A JWE (five parts) or an unsecured token (empty signature) does not get through.
 * @param maxCharacters bound that is checked before anything is decoded
 * @returns the parts, nothing of them verified; refusals are `too_large` and `malformed`
 */
export const decodeJwt = (token: unknown, maxCharacters = maxTokenCharacters): Outcome<DecodedJwt, JwtError> => {
  if (typeof token !== 'string') return malformed('a token is text');
  if (token.length > maxCharacters) {
    return fail({ code: 'too_large', message: `a token may have at most ${maxCharacters} characters` });
  }
  const parts = token.split('.', 4);
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || !header || !payload || !signature) return malformed('a signed token has three parts');
  if (!base64url.test(header) || !base64url.test(payload) || !base64url.test(signature)) {
    return malformed('a part of the token is not base64url');
  }
  const headerObject = decodeObject(header);
  const claims = decodeObject(payload);
  if (!headerObject || !claims) return malformed('header and payload must be JSON objects');
  const signed = token.slice(0, header.length + 1 + payload.length);
  return ok({ header: headerObject, claims, signed, signature: Buffer.from(signature, 'base64url') });
};

const decodeObject = (part: string): JsonObject | undefined =>
  parseJsonObject(Buffer.from(part, 'base64url').toString('utf8'));

const malformed = (message: string) => fail<JwtError>({ code: 'malformed', message });
