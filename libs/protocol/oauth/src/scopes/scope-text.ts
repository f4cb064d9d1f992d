import { ok, type Outcome } from '@corsac/outcome';
import { refuse, type OAuthError } from '../errors.js';

const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Most scopes in one request. */
export const maxScopes = 200;

/**
 * Splits a `scope` value into its distinct words, in the order sent; order has no meaning. RFC 6749 3.3.
 * @returns the words, none for an absent value; `invalid_scope` for characters outside the grammar
 */
export const parseScope = (text: string | undefined): Outcome<string[], OAuthError> => {
  if (text === undefined) return ok([]);
  const words = [...new Set(text.split(' '))].filter((word) => word !== '');
  if (words.length > maxScopes) return refuse('invalid_scope', 'scope has too many words');
  return words.every((word) => scopeToken.test(word)) ? ok(words) : refuse('invalid_scope', 'scope is malformed');
};
