import { inflateRawSync } from 'node:zlib';
import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import type { SamlError } from '../saml-error.js';
import { refuse, shown } from '../saml-error.js';
import { messageLimits } from '../xml/limits.js';
import type { IncomingMessage, QuerySignature } from './incoming-message.js';
import { longestRelayState } from './incoming-message.js';
import { readBase64 } from './read-base64.js';

const DEFLATE = 'urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE';
const parameters = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding'] as const;

/** Characters of the longest name, every one of them escaped. */
const longestName = 36;

type Parameter = (typeof parameters)[number];
type RawParameters = Partial<Record<Parameter, string>>;

const no = (message: string) => refuse('binding', 'binding_invalid', message);

function decoded(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

/** Our parameters as they were received. A second one, or one whose name is disguised by escapes, is a refusal. */
function rawParameters(query: string): Outcome<RawParameters, SamlError> {
  const found: RawParameters = {};
  for (const pair of query.replace(/^\?/, '').split('&')) {
    const equals = pair.indexOf('=');
    const rawName = equals === -1 ? pair : pair.slice(0, equals);
    const plain = rawName.length <= longestName ? decoded(rawName) : undefined;
    const name = parameters.find((parameter) => parameter === plain);
    if (!name) continue;
    if (name !== rawName || found[name] !== undefined) return no(`The query names ${name} twice or in disguise.`);
    found[name] = equals === -1 ? '' : pair.slice(equals + 1);
  }
  return ok(found);
}

/** The message between DEFLATE and base64, never larger than what would be read anyway. SAML Bindings 3.4.4.1. */
function inflate(raw: string): Outcome<Uint8Array, SamlError> {
  const deflated = readBase64(decoded(raw) ?? '', { lineBreaks: false });
  if (!deflated) return no('The message in the query is not base64.');
  try {
    return ok(inflateRawSync(deflated, { maxOutputLength: messageLimits.bytes }));
  } catch {
    return no(`The message in the query does not inflate, or to more than ${messageLimits.bytes} bytes.`);
  }
}

/** SAML Bindings 3.4.4.1: the order is fixed, and the octets are those of the sender, never encoded anew. */
function querySignature(raw: RawParameters, name: Parameter): Outcome<QuerySignature | undefined, SamlError> {
  if (raw.SigAlg === undefined && raw.Signature === undefined) return ok(undefined);
  const algorithm = decoded(raw.SigAlg ?? '');
  const value = readBase64(decoded(raw.Signature ?? '') ?? '', { lineBreaks: true });
  if (!algorithm || !value) return no('SigAlg and Signature must both stand in the query and be readable.');
  const relayState = raw.RelayState === undefined ? '' : `&RelayState=${raw.RelayState}`;
  return ok({ algorithm, value, signed: `${name}=${raw[name]}${relayState}&SigAlg=${raw.SigAlg}` });
}

/**
 * Takes a message off the HTTP-Redirect binding.
 * @param query the query string exactly as received, with or without the question mark
 * @returns the message inflated, with its signature beside it, nothing verified; refusals are `binding_invalid`
 */
export function readRedirect(query: string): Outcome<IncomingMessage, SamlError> {
  if (query.length > messageLimits.bytes) return no('The query string is too long.');
  const read = rawParameters(query);
  if (!read.ok) return read;
  const raw = read.value;
  if ((raw.SAMLRequest === undefined) === (raw.SAMLResponse === undefined)) {
    return no('The query must hold one SAMLRequest or one SAMLResponse.');
  }
  const encoding = raw.SAMLEncoding === undefined ? DEFLATE : decoded(raw.SAMLEncoding);
  if (encoding !== DEFLATE) return no(`The encoding ${shown(encoding)} is not known.`);
  const relay_state = raw.RelayState === undefined ? undefined : decoded(raw.RelayState.replace(/\+/g, '%20'));
  if (raw.RelayState !== undefined && (relay_state === undefined || relay_state.length > longestRelayState)) {
    return no('RelayState is too long or not readable.');
  }
  const name = raw.SAMLRequest === undefined ? 'SAMLResponse' : 'SAMLRequest';
  const xml = inflate(raw[name] ?? '');
  if (!xml.ok) return xml;
  const signature = querySignature(raw, name);
  if (!signature.ok) return signature;
  const kind = name === 'SAMLRequest' ? 'request' : 'response';
  return ok({ binding: 'redirect', kind, xml: xml.value, relay_state, query_signature: signature.value });
}
