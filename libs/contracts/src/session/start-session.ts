import { z } from 'zod';
import { question } from '../contract/contract.js';
import { claims, name, opaqueId, unixSeconds } from '../contract/fields.js';
import { browserUntil, reachedParty, session, sessionLifetimes, signedInUser, upstreamSession } from './session.js';

/** One track's part of a sign-in. */
export const sessionToStart = z.object({
  track: name,
  up_party: name,
  up_party_type: z.enum(['login', 'oidc', 'saml2', 'track_link']),
  sub: z.string().min(1),
  user: signedInUser.optional(),
  claims,
  auth_time: unixSeconds,
  amr: z.array(z.string()),
  acr: z.string().optional(),
  lifetimes: sessionLifetimes,
  single_logout: z.boolean(),
  reached: reachedParty,
  upstream: upstreamSession.optional(),
});
export type SessionToStart = z.infer<typeof sessionToStart>;

/**
 * A user has authenticated: starts one session per track of the chain (one without links; with links the application's
 * track first, the track where the user signed in last), each standing on the next. When the browser already has a
 * session of the same user and up-party, that one lives on with its `sid`; somebody else's is ended as by logout. The browser's record moves to
 * `next_browser_id`, so an identifier known before the sign-in is worth nothing after it (session fixation).
 */
export const startSession = question({
  subject: 'corsac.session.v1.session.start',
  owner: 'session',
  askers: ['authorize'],
  request: z.object({
    tenant: name,
    browser_id: opaqueId.optional(),
    next_browser_id: opaqueId,
    chain: z.array(sessionToStart).min(1).max(8),
  }),
  response: z.object({ sessions: z.array(session).min(1), browser_until: browserUntil }),
  refusals: ['too_many_sessions'],
});
