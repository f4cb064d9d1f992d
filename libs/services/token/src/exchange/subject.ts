import type { JsonObject } from '@corsac/jwt';
import type { OAuthError } from '@corsac/oauth';
import type { Outcome } from '@corsac/outcome';
import type { AddressedParty } from '../party/addressed-party.js';

/** Whom an exchanged token is about, once it was verified by its own rule. */
export interface VerifiedSubject {
  /** Claims in the middle: of the user, without those of the token that they came in. */
  readonly claims: JsonObject;
  readonly sub: string;
  /** Issuer of the token, when it is not this track. */
  readonly iss?: string;
  /** The chain of actors that the token carries. RFC 8693 4.1. */
  readonly act?: JsonObject[string];
  /** RFC 8693 4.4. */
  readonly may_act?: JsonObject[string];
  /** Grant of a token of this track: what ends it, ends what is made of it. */
  readonly grant_id?: string;
  /** Unix seconds; what is issued need not outlive a token whose end nobody here can see. */
  readonly ends?: number;
}

/** Who exchanges, and when. */
export interface ExchangeContext {
  readonly party: AddressedParty;
  /** Unix seconds. */
  readonly now: number;
}

/** Verifies a token by the rule of one case. @throws StoreUnavailable */
export type VerifySubject = (token: string, context: ExchangeContext) => Promise<Outcome<VerifiedSubject, OAuthError>>;
