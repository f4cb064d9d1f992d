import { z } from 'zod';
import { event, question } from '../contract/contract.js';
import { name, opaqueId, unixSeconds } from '../contract/fields.js';

/** Ends refresh grants of a user, client or grant id: by an administrator, password change or disabling. */
export const endGrants = question({
  subject: 'corsac.token.v1.grant.end',
  owner: 'token',
  askers: ['config', 'authorize'],
  request: z.object({
    tenant: name,
    track: name,
    sub: z.string().optional(),
    /** Of a record of the track, whatever `sub` became of it; with `before_epoch` only those of an earlier epoch. */
    user: z.object({ user_id: z.string(), before_epoch: z.number().int().optional() }).optional(),
    client_id: name.optional(),
    grant_id: opaqueId.optional(),
  }),
  response: z.object({ ended: z.number().int() }),
  refusals: ['nothing_named'],
  safe_to_retry: true,
});

/** Refresh grants of a track, for people to see: never the tokens. */
export const listGrants = question({
  subject: 'corsac.token.v1.grant.list',
  owner: 'token',
  askers: ['config'],
  request: z.object({
    tenant: name,
    track: name,
    sub: z.string().optional(),
    client_id: name.optional(),
    /** One grant. */
    grant_id: opaqueId.optional(),
    limit: z.number().int().positive().max(200),
    after: z.string().optional(),
  }),
  response: z.object({
    grants: z.array(
      z.object({
        grant_id: opaqueId,
        client_id: name,
        sub: z.string(),
        sid: z.string(),
        scope: z.string(),
        created: unixSeconds,
        expires: unixSeconds,
      }),
    ),
    more: z.string().optional(),
  }),
  refusals: [],
  safe_to_retry: true,
});

/** Revoked tokens and grants, at once to the memory of every other token replica; the table heals what is lost. */
export const tokensRevokedNotice = event({
  subject: 'corsac.token.v1.tokens.revoked_notice',
  owner: 'token',
  listeners: ['token'],
  payload: z.object({
    revoked: z.array(
      z.object({ tenant: name, track: name, kind: z.enum(['jti', 'grant']), id: z.string(), until: unixSeconds }),
    ),
  }),
  delivery: 'every_replica',
});

/** New, rotated or removed keys of a track: every token replica reads them again. */
export const keysChangedNotice = event({
  subject: 'corsac.token.v1.track_keys.changed_notice',
  owner: 'token',
  listeners: ['token', 'authorize'],
  payload: z.object({ tenant: name, track: name }),
  delivery: 'every_replica',
});
