import { sendBody, type HttpAnswer, type HttpRequest } from '@corsac/http';
import { readSoap, soapFault, type IncomingMessage } from '@corsac/saml';

/** What SOAP 1.1 is sent as. SAML Bindings 3.2.3.1. */
const soapType = 'text/xml; charset=utf-8';

/** Is it a call over SOAP? By the content type alone, which no form of a page can have. */
export const isSoap = ({ method, content }: HttpRequest): boolean =>
  method === 'POST' && content.kind === 'other' && /^text\/xml\s*(?:;|$)/i.test(content.content_type);

/** Takes the message out of the envelope of a call; nothing in it has been read. */
export const receiveSoap = ({ content }: HttpRequest): IncomingMessage =>
  readSoap(content.kind === 'other' ? content.bytes : '');

/** An envelope as the answer. SAML Bindings 3.2.3.2: what is wrong in SAML is said in SAML, with 200. */
export const sendSoap = (envelope: string): HttpAnswer => sendBody(envelope, soapType);

/**
 * A call that was not taken: nobody knows who it is from, so there is nothing to answer in SAML. Its 400 where SOAP has 500
 * says whose fault it is. Without words that would help a forger; those are in the log.
 */
export const sendFault = (request: HttpRequest, reason: string, detail?: string): HttpAnswer => {
  request.logger.info({ reason, detail }, 'a call over SOAP was refused');
  return sendBody(soapFault('Client', `the message is refused: ${reason}`), soapType, { status: 400 });
};

/** Another service is away, nothing was done: the same call may be made again. */
export const sendAway = (request: HttpRequest, what: string): HttpAnswer => {
  request.logger.warn({ what }, 'a call over SOAP could not be taken');
  return sendBody(soapFault('Server', 'try again'), soapType, { status: 503, headers: { 'retry-after': '2' } });
};
