import type { OidcUpParty } from '@corsac/model';
import { randomName } from '@corsac/random';
import type { Frame } from '../../../sequence/sequence.js';

/** What an OIDC up-party remembers while the browser is at the provider. */
export interface OidcMemory {
  /** Names the sequence, and is good for one answer. */
  readonly state: string;
  readonly nonce: string;
  /** RFC 7636; absent when PKCE is off. */
  readonly code_verifier?: string;
  readonly response_type: OidcUpParty['response_type'];
  readonly response_mode: OidcUpParty['response_mode'];
  /** Who was asked: the answer must be its own, whatever became of the configuration meanwhile. */
  readonly issuer: string;
  readonly client_id: string;
  /** Seconds, as it was sent. */
  readonly max_age?: number;
  /** An answer with this state has come; there is no second one. */
  readonly answered?: true;
}

const statePattern = /^([A-Za-z0-9_-]{32})\.[A-Za-z0-9_-]{24}$/;

/** Remembers a new request of a sequence: state, nonce and verifier are its own. */
export const newMemory = (
  sequenceId: string,
  party: OidcUpParty,
  { issuer, max_age }: { issuer: string; max_age?: number | undefined },
): OidcMemory => ({
  state: `${sequenceId}.${randomName(18)}`,
  nonce: randomName(32),
  ...(party.enable_pkce && party.response_type.split(' ').includes('code') && { code_verifier: randomName(48) }),
  response_type: party.response_type,
  response_mode: party.response_mode,
  issuer,
  client_id: clientIdOf(party),
  ...(max_age !== undefined && { max_age }),
});

/** The sequence that a state names; undefined for anything that we never sent. */
export const sequenceIdOf = (state: string | undefined): string | undefined =>
  state === undefined ? undefined : statePattern.exec(state)?.[1];

/** The memory of a frame whose browser is away at a provider. Another kind's memory has no state. */
export const memoryOf = ({ up }: Frame): OidcMemory | undefined =>
  up && 'state' in up && 'nonce' in up ? (up as OidcMemory) : undefined;

/** Our client id at the provider. */
export const clientIdOf = (party: OidcUpParty): string => party.client_id ?? party.name;
