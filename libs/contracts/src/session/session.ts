import { z } from 'zod';
import { claims, name, opaqueId, unixSeconds } from '../contract/fields.js';

/** A down-party that a session has signed in to: who must hear of its end. One entry per party and session. */
export const reachedParty = z.object({
  party: name,
  type: z.enum(['oidc', 'oauth2', 'saml2', 'track_link']),
  /** The issuer of that sign-in: `iss` of front-channel logout and logout tokens. */
  issuer: z.string(),
  /** The subject as that party knows it. */
  sub: z.string(),
  /** What a SAML LogoutRequest must repeat. */
  name_id: z.object({ value: z.string(), format: z.string().optional() }).optional(),
});
export type ReachedParty = z.infer<typeof reachedParty>;

/** What the provider above called this session, so that its logout finds ours. */
export const upstreamSession = z.object({
  issuer: z.string(),
  sid: z.string().optional(),
  sub: z.string().optional(),
  /** Kept as `id_token_hint` for RP-initiated logout, when it is not too long. */
  id_token: z.string().max(10_000).optional(),
  name_id: z.object({ value: z.string(), format: z.string().optional() }).optional(),
});
export type UpstreamSession = z.infer<typeof upstreamSession>;

/** How long a session lives; seconds, 0 switches the figure off (spec of the up-party it came by). */
export const sessionLifetimes = z.object({
  session_lifetime: z.number().int().nonnegative(),
  session_absolute_lifetime: z.number().int().nonnegative(),
  persistent_session_absolute_lifetime: z.number().int().nonnegative(),
  persistent_session_lifetime_unlimited: z.boolean(),
});
export type SessionLifetimes = z.infer<typeof sessionLifetimes>;

/**
 * The track's own record of whoever signed in, an own user or an external one. Changes that end what was there (a new
 * password, disabling) raise its epoch: sessions and grants of an earlier one are over, those of a later one are not.
 */
export const signedInUser = z.object({ user_id: z.string().min(1).max(100), epoch: z.number().int().nonnegative() });
export type SignedInUser = z.infer<typeof signedInUser>;

/**
 * Until when the browser is to keep its cookie over its own end: the latest deadline of its persistent sessions. Not there
 * when none is persistent; the cookie ends with the browser then.
 */
export const browserUntil = unixSeconds.optional();

/** One signed-in user of one up-party in one browser and track. */
export const session = z.object({
  tenant: name,
  track: name,
  sid: opaqueId,
  up_party: name,
  up_party_type: z.enum(['login', 'oidc', 'saml2', 'track_link']),
  sub: z.string(),
  /** Unset where the track keeps no record of the user. `sub` may be anything that claim transforms made of it. */
  user: signedInUser.optional(),
  /** Claims after the up-party's transforms and forward list. */
  claims,
  auth_time: unixSeconds,
  amr: z.array(z.string()),
  acr: z.string().optional(),
  created: unixSeconds,
  last_used: unixSeconds,
  lifetimes: sessionLifetimes,
  single_logout: z.boolean(),
  parties: z.array(reachedParty),
  upstream: upstreamSession.optional(),
  /** The session of the linked track that this one stands on, when it came by a track link. */
  linked: z.object({ track: name, sid: opaqueId }).optional(),
});
export type Session = z.infer<typeof session>;
