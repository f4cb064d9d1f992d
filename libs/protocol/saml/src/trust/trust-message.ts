import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import type { IncomingMessage } from '../bindings/incoming-message.js';
import type { SamlError } from '../saml-error.js';
import { refuse, shown } from '../saml-error.js';
import { grammarName } from '../schema/check-structure.js';
import { messageLimits } from '../xml/limits.js';
import type { XmlElement } from '../xml/xml-element.js';
import { childElements } from '../xml/xml-element.js';
import type { AlgorithmPolicy } from './algorithms.js';
import { acceptsSignatureAlgorithm, verifiesWith } from './algorithms.js';
import { openDocument } from './open-document.js';
import type { SignatureTrust } from './verify-signature.js';
import { signatureIn, verifySignature } from './verify-signature.js';

/** What is known about the party that a message says it comes from; its configuration, never the message. */
export interface PartyTrust {
  /** The party's public keys for signatures. */
  readonly keys: SignatureTrust['keys'];
  readonly policy?: AlgorithmPolicy;
}

/** A message that may be read. */
export interface TrustedMessage {
  readonly element: XmlElement;
  /** A key of the party signed it: all of it, or the query that carried it. */
  readonly signed: boolean;
}

/** Which messages a parameter may carry. */
export type MessageName = 'samlp:AuthnRequest' | 'samlp:Response' | 'samlp:LogoutRequest' | 'samlp:LogoutResponse';

const kinds: Readonly<Record<MessageName, IncomingMessage['kind']>> = {
  'samlp:AuthnRequest': 'request',
  'samlp:LogoutRequest': 'request',
  'samlp:Response': 'response',
  'samlp:LogoutResponse': 'response',
};

/** The keys, policy and bounds with which a message of this party is checked. */
export function signatureTrust({ keys, policy }: PartyTrust): SignatureTrust {
  return { keys, policy: policy ?? {}, limits: messageLimits };
}

function open(incoming: IncomingMessage, expected: MessageName): Outcome<XmlElement, SamlError> {
  if (incoming.kind !== 'any' && incoming.kind !== kinds[expected]) {
    return refuse('root', 'wrong_message', `A ${incoming.kind} parameter cannot carry ${expected}.`);
  }
  const isSoap = incoming.binding === 'soap';
  const opened = openDocument(incoming.xml, { roots: [isSoap ? 'soap:Envelope' : expected], limits: messageLimits });
  if (!opened.ok || !isSoap) return opened;
  const body = childElements(opened.value).find((child) => grammarName(child) === 'soap:Body');
  const [message] = body ? childElements(body) : [];
  if (message && grammarName(message) === expected) return ok(message);
  return refuse('root', 'wrong_message', `Expected ${expected} in the envelope, got ${shown(message?.local)}.`);
}

/** SAML Bindings 3.4.4.1: over the raw query. A signature inside the XML must have been taken out by the sender. */
function trustQuery(
  incoming: IncomingMessage,
  element: XmlElement,
  trust: SignatureTrust,
): Outcome<TrustedMessage, SamlError> {
  if (signatureIn(element)) {
    return refuse('signature', 'signature_misplaced', 'A message in a query is signed in the query, not in its XML.');
  }
  const signature = incoming.query_signature;
  if (!signature || trust.keys.length === 0) return ok({ element, signed: false });
  if (!acceptsSignatureAlgorithm(signature.algorithm, trust.policy)) {
    return refuse(
      'signature_method',
      'algorithm_refused',
      `The signature algorithm ${shown(signature.algorithm)} is not accepted.`,
    );
  }
  if (!verifiesWith(signature.algorithm, signature.signed, signature.value, trust.keys)) {
    return refuse(
      'signature_value',
      'signature_invalid',
      'None of the keys of the party verifies the signature of the query.',
    );
  }
  return ok({ element, signed: true });
}

/**
 * Decides whether a message may be read. Every incoming message comes through here, on every binding, before any value
 * of it is looked at. Where the party has keys, a signature that is there must verify; whether there must be one is the
 * caller's `required`.
 * @returns the element that may be read, whether it was signed, and the one that came in; or why it may not
 */
export function trustMessage(
  incoming: IncomingMessage,
  expected: MessageName,
  party: PartyTrust,
  required: boolean,
): Outcome<TrustedMessage & { readonly received: XmlElement }, SamlError> {
  const opened = open(incoming, expected);
  if (!opened.ok) return opened;
  const received = opened.value;
  const trust = signatureTrust(party);
  let trusted: TrustedMessage = { element: received, signed: false };
  if (incoming.binding === 'redirect') {
    const outcome = trustQuery(incoming, received, trust);
    if (!outcome.ok) return outcome;
    trusted = outcome.value;
  } else if (signatureIn(received) && trust.keys.length > 0) {
    const verified = verifySignature(received, trust);
    if (!verified.ok) return verified;
    trusted = { element: verified.value, signed: true };
  }
  if (trusted.signed || !required) return ok({ ...trusted, received });
  return trust.keys.length === 0
    ? refuse('keys', 'key_missing', 'The party must sign, but no key is configured to check it with.')
    : refuse('signature', 'signature_missing', 'The party must sign this message, and it is not signed.');
}
