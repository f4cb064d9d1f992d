import {
  isJsonObject,
  verifyJwt,
  type JsonObject,
  type JwtError,
  type SigningAlg,
  type VerificationKey,
} from '@corsac/jwt';
import { fail, ok, type Outcome } from '@corsac/outcome';

/** `typ` of our logout tokens. Back-Channel Logout 1.0 2.4. */
export const logoutTokenTyp = 'logout+jwt';

/** The event that makes a token a logout token. */
export const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Seconds that a logout token is good for. */
export const logoutTokenLifetime = 120;

/** What a logout token is made of; `jti` stays the same over all attempts of one notice. */
export interface LogoutTokenInput {
  readonly issuer: string;
  readonly client_id: string;
  readonly sub: string;
  readonly sid: string;
  readonly jti: string;
  /** Unix seconds, of this attempt. */
  readonly now: number;
}

/** The claims of a logout token: never a nonce, so that it cannot pass for an ID token. Back-Channel Logout 1.0 2.4. */
export const logoutTokenClaims = ({ issuer, client_id, sub, sid, jti, now }: LogoutTokenInput): JsonObject => ({
  iss: issuer,
  aud: client_id,
  sub,
  sid,
  jti,
  iat: now,
  exp: now + logoutTokenLifetime,
  events: { [logoutEvent]: {} },
});

/** What an incoming logout token is judged by. */
export interface LogoutTokenRules {
  readonly keys: readonly VerificationKey[];
  readonly algs: readonly SigningAlg[];
  readonly issuers: readonly string[];
  readonly client_id: string;
  /** Unix seconds. */
  readonly now: number;
}

/** Whom to sign out: the session, or every session of the subject. The `jti` must be new until `remember_until`. */
export interface LogoutNotice {
  readonly iss: string;
  readonly jti: string;
  readonly sub?: string;
  readonly sid?: string;
  readonly remember_until: number;
}

const clockSkew = 60;
/** Seconds that a provider may take to deliver one. */
const maxAge = 600;

/**
 * Checks a logout token from an identity provider. Back-Channel Logout 1.0 2.6; its `jti` must then be seen once only.
 * @returns whom it logs out and until when (unix seconds) its `jti` is remembered, or what is wrong with it (400)
 */
export const verifyLogoutToken = (token: unknown, rules: LogoutTokenRules): Outcome<LogoutNotice, JwtError> => {
  const verified = verifyJwt(token, {
    keys: rules.keys,
    algs: rules.algs,
    typ: [logoutTokenTyp, 'jwt', ''],
    issuer: rules.issuers,
    audience: rules.client_id,
    now: rules.now,
    clockSkew,
    maxAge,
    required: ['iss', 'aud', 'iat', 'exp', 'jti', 'events'],
    maxCharacters: 64_000,
  });
  if (!verified.ok) return verified;
  const { claims } = verified.value;
  if ('nonce' in claims) return invalid('a logout token must not have a nonce');
  const events = claims['events'];
  if (!isJsonObject(events) || !isJsonObject(events[logoutEvent])) return invalid('the logout event is missing');
  const { iss, jti, sub, sid, exp } = claims as { iss: string; jti: string; sub?: string; sid?: unknown; exp: number };
  if (sid !== undefined && typeof sid !== 'string') return invalid('sid must be text');
  if (sub === undefined && sid === undefined) return invalid('sub or sid is required');
  const remember_until = Math.ceil(exp + clockSkew);
  return ok({ iss, jti, remember_until, ...(sub !== undefined && { sub }), ...(sid !== undefined && { sid }) });
};

const invalid = (message: string) => fail<JwtError>({ code: 'claim_invalid', message });
