import { deflateRawSync } from 'node:zlib';
import { namespaces } from '../names.js';
import { signatureAlgorithms } from '../trust/algorithms.js';
import type { Signer, Unsigned } from '../trust/sign-xml.js';
import { signXml, unsignedXml } from '../trust/sign-xml.js';
import type { Xml } from '../xml/write-xml.js';
import { tag, text } from '../xml/write-xml.js';

/** A message that was made, without signature. */
export interface OutgoingMessage {
  readonly kind: 'request' | 'response';
  readonly destination: string;
  readonly unsigned: Unsigned;
}

/** What goes along with a message on the way through the browser. */
export interface Delivery {
  /** SAML Bindings 3.4.3: at most 80 bytes when it is ours; what a peer sent goes back as it came. */
  readonly relay_state?: string;
  /** Leave out to send the message unsigned. */
  readonly signer?: Signer;
}

/** A form that the browser posts. The page around it is the caller's. */
export interface PostForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

const parameterOf = ({ kind }: OutgoingMessage): 'SAMLRequest' | 'SAMLResponse' =>
  kind === 'request' ? 'SAMLRequest' : 'SAMLResponse';

/**
 * HTTP-Redirect. SAML Bindings 3.4.4.1: DEFLATE, base64, escaped, signed as a query; the XML itself stays unsigned.
 * @returns the address to send the browser to
 */
export async function sendByRedirect(message: OutgoingMessage, { relay_state, signer }: Delivery): Promise<string> {
  const deflated = deflateRawSync(Buffer.from(unsignedXml(message.unsigned), 'utf8')).toString('base64');
  let query = `${parameterOf(message)}=${encodeURIComponent(deflated)}`;
  if (relay_state) query += `&RelayState=${encodeURIComponent(relay_state)}`;
  if (signer) {
    const algorithm = signatureAlgorithms[signer.algorithm];
    query += `&SigAlg=${encodeURIComponent(algorithm)}`;
    const value = await signer.sign(algorithm, Buffer.from(query, 'utf8'));
    query += `&Signature=${encodeURIComponent(Buffer.from(value).toString('base64'))}`;
  }
  return `${message.destination}${message.destination.includes('?') ? '&' : '?'}${query}`;
}

/** HTTP-POST. SAML Bindings 3.5.4: base64, signed inside the XML. */
export async function sendByPost(message: OutgoingMessage, { relay_state, signer }: Delivery): Promise<PostForm> {
  const xml = signer ? await signXml(message.unsigned, signer) : unsignedXml(message.unsigned);
  const fields: Record<string, string> = { [parameterOf(message)]: Buffer.from(xml, 'utf8').toString('base64') };
  if (relay_state) fields.RelayState = relay_state;
  return { action: message.destination, fields };
}

/**
 * Says over SOAP that a message was not taken at all: there is no request that an answer could be to. SAML Bindings 3.2.2.1.
 * @param whose fault it is: the sender's, or ours
 */
export function soapFault(whose: 'Client' | 'Server', message: string): Xml {
  const parts = [tag('faultcode', {}, text(`soap:${whose}`)), tag('faultstring', {}, text(message))];
  return tag('soap:Envelope', { 'xmlns:soap': namespaces.soap }, tag('soap:Body', {}, tag('soap:Fault', {}, ...parts)));
}

/**
 * SOAP. SAML Bindings 3.2.
 * @returns the envelope; it goes as text/xml with an empty SOAPAction
 */
export async function sendBySoap(message: OutgoingMessage, signer?: Signer): Promise<Xml> {
  const xml = signer ? await signXml(message.unsigned, signer) : unsignedXml(message.unsigned);
  return tag('soap:Envelope', { 'xmlns:soap': namespaces.soap }, tag('soap:Body', {}, xml));
}
