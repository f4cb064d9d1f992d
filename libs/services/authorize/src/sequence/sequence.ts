import type { Session, SessionToStart, SignedInUser, UpstreamSession } from '@corsac/contracts';
import type { Claims, DownPartyType, UpPartyType } from '@corsac/model';
import type { OAuthErrorCode, Prompt } from '@corsac/oauth';

/** What a down-party asks of whatever up-party will answer, in words that every protocol can be brought to. */
export interface LoginRequest {
  /** Names of the up-parties that may answer, in order of preference; never empty. */
  readonly up_parties: readonly string[];
  readonly prompt: readonly Prompt[];
  /** Seconds since authentication at most. */
  readonly max_age?: number;
  readonly acr_values: readonly string[];
  /** How an answer may differ from `acr_values` (SAML Core 3.3.2.2.1); unsaid, it is one of them. */
  readonly acr_comparison?: 'minimum' | 'maximum' | 'better';
  /** A second factor is asked for (`acr_values` had `mfa`). */
  readonly mfa: boolean;
  readonly login_hint?: string;
  readonly ui_locales: readonly string[];
  /** The user it must be, from `id_token_hint` or the claims parameter. */
  readonly sub?: string;
}

/** Who signed in, after the up-party's transforms and forward list. Claims are JWT claims whatever they came by. */
export interface SignedIn {
  readonly ok: true;
  readonly up_party: string;
  readonly up_party_type: Exclude<UpPartyType, 'oauth2'>;
  readonly sub: string;
  /** The track's own record of the user, where it has one. */
  readonly user?: SignedInUser;
  /** Whether there is a record was looked up, for users whom another provider signs in. */
  readonly record?: 'settled';
  readonly claims: Claims;
  readonly auth_time: number;
  readonly amr: readonly string[];
  readonly acr?: string;
  readonly upstream?: UpstreamSession;
  /** The session that answered, when nobody had to sign in. */
  readonly session?: Session;
  /** Sessions to start in linked tracks beneath this one, nearest first: one question starts them all. */
  readonly beneath: readonly SessionToStart[];
}

/** Why nobody signed in: goes back to the application in its own protocol. `detail` is for the log. */
export interface LoginFailed {
  readonly ok: false;
  readonly error: OAuthErrorCode;
  readonly error_description: string;
  readonly detail?: string;
}

export type LoginResult = SignedIn | LoginFailed;

/**
 * Who asks: a kind of down-party, or the account page, which is no application's. `initiated`: nobody yet, an identity
 * provider began, and the application has to ask for a sign-in of its own.
 */
export type AskingType = DownPartyType | 'account' | 'initiated';

/** One track's part of a journey. The application's track is the first; a track link puts another on top of it. */
export interface Frame {
  readonly track: string;
  readonly down: {
    readonly party: string;
    readonly type: AskingType;
    /** The issuer of this sign-in, fixed when the request came (RFC 9207, spec of issuers). */
    readonly issuer: string;
    /** What the down-party's protocol must remember until it answers; plain data. */
    readonly request: object;
  };
  readonly login: LoginRequest;
  /** The up-party that was chosen, by the address, by home realm discovery or by the user. */
  upParty?: string;
  /** The user chose it among several, and the browser shall remember that once the sign-in is done. */
  asked?: boolean;
  /** What the chosen up-party must remember while the browser is away; plain data. */
  up?: object;
  result?: LoginResult;
}

/** One browser journey from a request to its answer. */
export interface Sequence {
  readonly id: string;
  readonly tenant: string;
  /** Unix seconds. */
  readonly created: number;
  /** Unix seconds; a sequence is over then, whatever it waits for. */
  readonly expires: number;
  /** Hash of the journey cookie: a sequence belongs to its browser. */
  readonly binding: string;
  /** Counts the writes: who holds a sequence knows by it whether it is still the one that was written. */
  revision: number;
  /** Never empty; the last one is where the journey stands. */
  readonly frames: Frame[];
}
