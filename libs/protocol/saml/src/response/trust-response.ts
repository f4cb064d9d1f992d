import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import type { IncomingMessage } from '../bindings/incoming-message.js';
import { decryptAssertion } from '../encryption/decrypt-assertion.js';
import type { DecryptKey } from '../encryption/encryption-algorithms.js';
import { namespaces } from '../names.js';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import type { PartyTrust } from '../trust/trust-message.js';
import { signatureTrust, trustMessage } from '../trust/trust-message.js';
import { signatureIn, verifySignature } from '../trust/verify-signature.js';
import type { XmlElement } from '../xml/xml-element.js';
import { childNamed, childrenNamed } from '../xml/xml-element.js';

/** A response that may be read. */
export interface TrustedResponse {
  readonly response: XmlElement;
  readonly response_signed: boolean;
  /** There is none when the status is an error. */
  readonly assertion?: XmlElement;
  readonly assertion_signed: boolean;
  readonly encrypted: boolean;
}

/** What must be signed. SAML Profiles 4.1.4.5 lets a POST response sign either. */
export type RequiredSignature = 'either' | 'response' | 'assertion' | 'both';

const { saml } = namespaces;

/** The one assertion of the message as it came in; several would leave open which one is meant. */
function assertionIn(received: XmlElement): Outcome<XmlElement | undefined, SamlError> {
  const found = [...childrenNamed(received, saml, 'Assertion'), ...childrenNamed(received, saml, 'EncryptedAssertion')];
  if (found.length <= 1) return ok(found[0]);
  return refuse('assertion', 'signature_misplaced', `Expected one assertion, got ${found.length}.`);
}

function requiredSignature(trusted: TrustedResponse, required: RequiredSignature): Outcome<TrustedResponse, SamlError> {
  const { response_signed, assertion_signed } = trusted;
  const enough = {
    either: response_signed || assertion_signed,
    response: response_signed,
    assertion: assertion_signed,
    both: response_signed && assertion_signed,
  };
  if (enough[required]) return ok(trusted);
  const what = {
    either: 'the response or the assertion',
    response: 'the response',
    assertion: 'the assertion',
    both: 'both',
  };
  return refuse('signature', 'signature_missing', `The identity provider must sign ${what[required]}, and did not.`);
}

/**
 * Decides what of a response may be read. A response signature makes all of it readable; an assertion signature only
 * the assertion, and then the rest can only be a reason to refuse. Where both are there, both must verify.
 */
export async function trustResponse(
  incoming: IncomingMessage,
  party: PartyTrust,
  required: RequiredSignature,
  decryptKey?: DecryptKey,
): Promise<Outcome<TrustedResponse, SamlError>> {
  if (party.keys.length === 0)
    return refuse('keys', 'key_missing', 'The identity provider has no signing key configured.');
  const trusted = trustMessage(incoming, 'samlp:Response', party, false);
  if (!trusted.ok) return trusted;
  const { element: response, signed: response_signed, received } = trusted.value;
  const found = assertionIn(received);
  if (!found.ok) return found;
  if (!found.value) return ok({ response, response_signed, assertion_signed: false, encrypted: false });
  const encrypted = found.value.local === 'EncryptedAssertion';
  const sealed = (encrypted && childNamed(response, saml, 'EncryptedAssertion')) || found.value;
  const opened = encrypted ? await decryptAssertion(sealed, party.policy ?? {}, decryptKey) : ok(found.value);
  if (!opened.ok) return opened;
  const assertion_signed = signatureIn(opened.value) !== undefined;
  // Without a signature of its own the assertion is read from the signed bytes of the response.
  const unsigned = encrypted ? opened.value : childNamed(response, saml, 'Assertion');
  const assertion = assertion_signed ? verifySignature(opened.value, signatureTrust(party)) : ok(unsigned);
  if (!assertion.ok) return assertion;
  return requiredSignature(
    { response, response_signed, assertion: assertion.value, assertion_signed, encrypted },
    required,
  );
}
