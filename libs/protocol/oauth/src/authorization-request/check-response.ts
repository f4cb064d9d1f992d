import { ok } from '@corsac/outcome';
import { responseTypes, type ResponseType } from '../client/client.js';
import { refuse } from '../errors.js';
import type { Parameters } from '../parameters/parse-parameters.js';
import { responseModes, type Check, type ResponseMode } from './request-types.js';

const words = ['code', 'id_token', 'token'];

/**
 * Puts the words of a response type in the registered order; on the wire order has no meaning. Whole words: `id_token` does not
 * contain `token`. OAuth 2.0 Multiple Response Types 3, 5.
 * @returns nothing for anything but the seven known types
 */
export const normaliseResponseType = (text: string): ResponseType | undefined => {
  const parts = text.split(' ');
  if (!parts.every((part) => words.includes(part)) || new Set(parts).size !== parts.length) return undefined;
  const ordered = words.filter((word) => parts.includes(word)).join(' ');
  return responseTypes.find((type) => type === ordered);
};

/** Tells whether an answer of this type holds a word. */
export const respondsWith = (response_type: ResponseType, word: 'code' | 'id_token' | 'token'): boolean =>
  response_type.split(' ').includes(word);

/** The mode without `response_mode`: tokens must not stand in a query. OAuth 2.0 Multiple Response Types 2.1, 5. */
export const defaultResponseMode = (response_type: ResponseType): ResponseMode =>
  response_type === 'code' ? 'query' : 'fragment';

/** Only what the client has. RFC 6749 3.1.1. */
export const checkResponseType: Check = (parameters, { client }) => {
  const asked = parameters.values.get('response_type');
  if (asked === undefined) return refuse('invalid_request', 'response_type is missing');
  const response_type = normaliseResponseType(asked);
  if (!response_type) return refuse('unsupported_response_type', 'response_type is not supported');
  return client.response_types.includes(response_type)
    ? ok({ response_type })
    : refuse('unsupported_response_type', 'response_type is not allowed for the client');
};

/** `query` is refused whenever a token would stand in it. OAuth 2.0 Multiple Response Types 3, 5. */
export const checkResponseMode: Check = (parameters, { found }) => {
  const response_type = found.response_type as ResponseType;
  const asked = parameters.values.get('response_mode');
  if (asked === undefined) return ok({ response_mode: defaultResponseMode(response_type) });
  const response_mode = responseModes.find((mode) => mode === asked);
  if (!response_mode) return refuse('invalid_request', 'response_mode is not supported');
  return response_mode === 'query' && response_type !== 'code'
    ? refuse('invalid_request', 'response_mode query is not allowed with this response_type')
    : ok({ response_mode });
};

/**
 * The mode in which an error travels before the request is fully checked: the one asked when it is usable, else the one that
 * the response type stands for. OAuth 2.0 Multiple Response Types 2.1.
 */
export const errorResponseMode = (parameters: Parameters): ResponseMode => {
  const response_type = normaliseResponseType(parameters.values.get('response_type') ?? 'code');
  const asked = responseModes.find((mode) => mode === parameters.values.get('response_mode'));
  const usual = response_type ? defaultResponseMode(response_type) : 'query';
  return asked === undefined || (asked === 'query' && usual === 'fragment') ? usual : asked;
};
