import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import { messageLimits } from '../xml/limits.js';
import type { IncomingMessage } from './incoming-message.js';
import { longestRelayState } from './incoming-message.js';
import { readBase64 } from './read-base64.js';

const no = (message: string) => refuse('binding', 'binding_invalid', message);

/**
 * Takes a message off the HTTP-POST binding. SAML Bindings 3.5.4.
 * @param form the decoded form fields; a field that came twice (an array) is refused
 */
export function readPost(form: Readonly<Record<string, unknown>>): Outcome<IncomingMessage, SamlError> {
  const { SAMLRequest, SAMLResponse, RelayState } = form;
  if ((SAMLRequest === undefined) === (SAMLResponse === undefined)) {
    return no('The form must hold one SAMLRequest or one SAMLResponse.');
  }
  const encoded = SAMLRequest ?? SAMLResponse;
  if (typeof encoded !== 'string' || encoded.length > messageLimits.bytes * 2)
    return no('The message in the form is too long.');
  if (RelayState !== undefined && (typeof RelayState !== 'string' || RelayState.length > longestRelayState)) {
    return no('RelayState is too long or not readable.');
  }
  const xml = readBase64(encoded, { lineBreaks: true });
  if (!xml) return no('The message in the form is not base64.');
  const kind = SAMLRequest === undefined ? 'response' : 'request';
  return ok({ binding: 'post', kind, xml, relay_state: RelayState });
}

/**
 * Takes a message off the SOAP binding. SAML Bindings 3.2.
 * @param body the body of the HTTP request or answer, the envelope
 */
export function readSoap(body: string | Uint8Array): IncomingMessage {
  return { binding: 'soap', kind: 'any', xml: typeof body === 'string' ? Buffer.from(body, 'utf8') : body };
}
