import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name, opaqueId } from '../contract/fields.js';
import { upstreamSession } from './session.js';

export const logoutCauses = [
  'application',
  'upstream',
  'user',
  'administrator',
  'disabled',
  'password_changed',
  'replaced',
  'expired',
] as const;
export type LogoutCause = (typeof logoutCauses)[number];

/** Something the browser must load to tell a party. */
export const frontChannelCall = z.object({
  receipt_id: opaqueId,
  track: name,
  party: name,
  type: z.enum(['oidc', 'saml2']),
  /** oidc: the front-channel logout URI with `iss` and `sid` as asked. saml2: where its LogoutRequest goes, which authorize makes. */
  uri: z.string(),
  sid: opaqueId,
  name_id: z.object({ value: z.string(), format: z.string().optional() }).optional(),
  /** The party is told directly too, from the job; that receipt decides whether it was told. */
  told_directly: z.boolean().optional(),
});
export type FrontChannelCall = z.infer<typeof frontChannelCall>;

/** A provider above that can be asked to log out as well. */
export const upstreamLogout = z.object({
  track: name,
  up_party: name,
  up_party_type: z.enum(['oidc', 'saml2']),
  upstream: upstreamSession,
});

/**
 * Logout: writes one durable job with a receipt per party that the sessions reached, in this track and along links,
 * then ends the sessions. Back-channel parties are told from the job, whatever becomes of the browser; what only the
 * browser can do comes back. Ending what has ended already answers with an empty job id.
 */
export const endSession = question({
  subject: 'corsac.session.v1.session.end',
  owner: 'session',
  askers: ['authorize', 'config'],
  request: z.object({
    tenant: name,
    track: name,
    /** Which sessions: one by id, all of a browser in the track, all of a user. */
    by: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('sid'), sid: opaqueId }),
      z.object({ kind: z.literal('browser'), browser_id: opaqueId }),
      z.object({
        kind: z.literal('sub'),
        sub: z.string(),
        up_party: name.optional(),
        // Then the track's record of the user counts, whatever `sub` became; with `before_epoch` only earlier epochs.
        user: z.object({ user_id: z.string(), before_epoch: z.number().int().optional() }).optional(),
      }),
    ]),
    cause: z.enum(logoutCauses),
    /** The application that asked. It is told like the others; only a SAML one is not, as it gets its LogoutResponse. */
    initiator: z.object({ track: name, party: name }).optional(),
    /** The provider above that asked is not asked again. */
    initiating_up_party: z.object({ track: name, up_party: name }).optional(),
  }),
  response: z.object({
    job_id: opaqueId.optional(),
    ended: z.array(z.object({ track: name, sid: opaqueId, sub: z.string() })),
    front_channel: z.array(frontChannelCall),
    upstream: z.array(upstreamLogout),
  }),
  refusals: [],
  deadline_ms: 3000,
  safe_to_retry: true,
});
