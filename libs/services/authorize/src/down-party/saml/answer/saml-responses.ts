import { randomBytes } from 'node:crypto';
import type { MessageContext } from '@corsac/contracts';
import type { TrackView } from '@corsac/config-cache';
import type { Saml2DownParty } from '@corsac/model';
import {
  makeResponse,
  readCertificate,
  type EncryptionFor,
  type NewAssertion,
  type SamlStatus,
  type Signer,
} from '@corsac/saml';
import { newMessageId, stepOfMessage } from '../../../saml/deliver.js';
import type { SamlSigning } from '../../../saml/sign.js';
import { away, type Away, type Step } from '../../../sequence/step.js';
import { idpEntityId } from '../addressed-application.js';
import type { SamlRequest } from '../request/saml-request.js';

export interface SamlResponsesParts {
  readonly signing: SamlSigning;
  readonly base_url: string;
  readonly now: () => number;
}

/** To whom a response goes. */
export interface ResponseTo {
  readonly view: TrackView;
  readonly party: Saml2DownParty;
  readonly context: MessageContext;
}

/** What an assertion says about the user. */
export type AssertionContent = Pick<NewAssertion, 'name_id' | 'authn' | 'attributes'>;

/** Writes responses to applications: signed as they are set up for, encrypted where they want it. SAML Profiles 4.1.4.2. */
export class SamlResponses {
  constructor(private readonly parts: SamlResponsesParts) {}

  /** The response with an assertion. */
  async success(to: ResponseTo, asked: SamlRequest, content: AssertionContent): Promise<Step | Away> {
    const { party, view } = to;
    const issued_at = this.parts.now();
    const issuer = idpEntityId(this.parts.base_url, view, party);
    const { reply_to, in_response_to } = asked;
    const assertion: NewAssertion = {
      ...content,
      id: newMessageId(),
      issuer,
      issued_at,
      audience: party.issuer,
      recipient: reply_to,
      ...(in_response_to !== undefined && { in_response_to }),
      confirmation_lifetime: party.subject_confirmation_lifetime,
      lifetime: party.issued_token_lifetime,
    };
    const encrypt = party.encrypt_authn_response ? encryptionFor(party) : undefined;
    // An assertion that should be secret does not leave in the open.
    if (encrypt === 'impossible') return away('an RSA certificate of the application to encrypt for');
    const signs = party.authn_response_sign_type;
    return this.send(to, asked, async (signer) => {
      const message = await makeResponse(
        { id: newMessageId(), issuer, issued_at, destination: reply_to, in_response_to, assertion },
        {
          ...(signs !== 'sign_response' && { signer }),
          ...(encrypt && { encrypt }),
        },
      );
      return { message, isSigned: signs !== 'sign_assertion' };
    });
  }

  /** The response with an error; always signed, as there is no assertion that could be. */
  refusal(to: ResponseTo, asked: SamlRequest, status: SamlStatus): Promise<Step | Away> {
    const { reply_to, in_response_to } = asked;
    const issuer = idpEntityId(this.parts.base_url, to.view, to.party);
    return this.send(to, asked, async () => {
      const head = { id: newMessageId(), issuer, issued_at: this.parts.now(), destination: reply_to };
      return { message: await makeResponse({ ...head, in_response_to, status }), isSigned: true };
    });
  }

  private async send(
    { view, party, context }: ResponseTo,
    { binding, relay_state }: SamlRequest,
    make: (signer: Signer) => Promise<{ message: Awaited<ReturnType<typeof makeResponse>>; isSigned: boolean }>,
  ): Promise<Step | Away> {
    const place = { tenant: view.tenant, track: view.track, algorithm: party.signature_algorithm, context };
    const sent = await this.parts.signing.signed(place, async (signer) => {
      const { message, isSigned } = await make(signer);
      return stepOfMessage(message, binding, {
        ...(relay_state !== undefined && { relay_state }),
        ...(isSigned && { signer }),
      });
    });
    if (sent.ok) return { ...sent.value, ends: true };
    return away(sent.error === 'away' ? 'token' : `a key that can sign with ${party.signature_algorithm}`);
  }
}

const contents = {
  'aes256-gcm': 'A256GCM',
  'aes128-gcm': 'A128GCM',
  'aes256-cbc': 'A256CBC',
  'aes128-cbc': 'A128CBC',
} as const;
const transports = { 'rsa-oaep': 'RSA-OAEP', 'rsa-oaep-sha256': 'RSA-OAEP-256' } as const;

/** For whom and how the party wants it. */
const encryptionFor = (party: Saml2DownParty): EncryptionFor | 'impossible' => {
  const read = party.encryption_key === undefined ? undefined : readCertificate(party.encryption_key);
  if (!read?.ok || read.value.key_type !== 'rsa') return 'impossible';
  return {
    key: read.value.key,
    content: contents[party.encryption_algorithm],
    key_transport: transports[party.encryption_key_transport],
    random: (size) => randomBytes(size),
  };
};
