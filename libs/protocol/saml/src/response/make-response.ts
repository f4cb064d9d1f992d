import type { OutgoingMessage } from '../bindings/send-message.js';
import type { EncryptionFor } from '../encryption/encrypt-assertion.js';
import { encryptAssertion } from '../encryption/encrypt-assertion.js';
import type { MessageHead } from '../message-parts.js';
import { messageXml, statusXml } from '../message-parts.js';
import type { SamlStatus } from '../status.js';
import { success } from '../status.js';
import type { Signer } from '../trust/sign-xml.js';
import { signXml, unsignedXml } from '../trust/sign-xml.js';
import type { NewAssertion } from './make-assertion.js';
import { makeAssertion } from './make-assertion.js';

/** What an identity provider answers. SAML Core 3.3.3. */
export interface NewResponse extends MessageHead {
  /** The assertion consumer service of the application. */
  readonly destination: string;
  /** Left out when nobody asked. */
  readonly in_response_to?: string;
  /** Default success. */
  readonly status?: SamlStatus;
  /** Left out with an error status. */
  readonly assertion?: NewAssertion;
}

/** How the assertion inside is protected. The response around it is signed by the binding that sends it. */
export interface AssertionProtection {
  readonly signer?: Signer;
  /** Encrypted after it was signed, so that the signature cannot be read or replaced on the way. */
  readonly encrypt?: EncryptionFor;
}

/**
 * Makes a response, with an assertion or with an error.
 * @param response what to say
 * @param protection of the assertion
 * @returns a message for `sendByPost` or `sendByRedirect`, which sign the response if they are given a signer
 */
export async function makeResponse(
  response: NewResponse,
  protection: AssertionProtection = {},
): Promise<OutgoingMessage> {
  const content = [statusXml(response.status ?? success)];
  if (response.assertion) {
    const unsigned = makeAssertion(response.assertion);
    const assertion = protection.signer ? await signXml(unsigned, protection.signer) : unsignedXml(unsigned);
    content.push(protection.encrypt ? encryptAssertion(assertion, protection.encrypt) : assertion);
  }
  const unsigned = messageXml('samlp:Response', response, { InResponseTo: response.in_response_to }, content);
  return { kind: 'response', destination: response.destination, unsigned };
}
