import type { Saml2UpParty } from '@corsac/model';
import { randomName } from '@corsac/random';
import type { RequestedAuthnContext } from '@corsac/saml';
import type { Frame } from '../../../sequence/sequence.js';

/** What a SAML up-party remembers while the browser is at the identity provider. */
export interface SamlMemory {
  /** RelayState: names the sequence, 57 bytes. */
  readonly relay_state: string;
  /** ID of the AuthnRequest that is out. */
  readonly request_id: string;
  /** EntityID of who was asked: the answer must be its own, whatever became of the configuration meanwhile. */
  readonly idp: string;
  /** The up-party's own demand: an answer of another class signs nobody in. */
  readonly authn_context?: RequestedAuthnContext;
  /** ForceAuthn was asked for then: the user must have been authenticated after it. Unix seconds. */
  readonly forced_at?: number;
}

/** The class that the up-party itself demands, whoever asks. */
export const demandOf = (party: Saml2UpParty): Pick<SamlMemory, 'authn_context'> => {
  const { authn_context_class_references: class_refs, authn_context_comparison: comparison = 'exact' } = party;
  return class_refs.length > 0 ? { authn_context: { comparison, class_refs } } : {};
};

const relayStatePattern = /^([A-Za-z0-9_-]{32})\.[A-Za-z0-9_-]{24}$/;

/** A RelayState that names a sequence and cannot be guessed. SAML Bindings 3.4.3: at most 80 bytes. */
export const newRelayState = (sequenceId: string): string => `${sequenceId}.${randomName(18)}`;

/** The sequence that a RelayState names; undefined for anything that we never sent. */
export const sequenceIdOf = (relay_state: string | undefined): string | undefined =>
  relay_state === undefined ? undefined : relayStatePattern.exec(relay_state)?.[1];

/** The memory of a frame whose browser is away at an identity provider. Another kind's memory has no request ID. */
export const memoryOf = ({ up }: Frame): SamlMemory | undefined =>
  up && 'relay_state' in up && 'request_id' in up ? (up as SamlMemory) : undefined;
