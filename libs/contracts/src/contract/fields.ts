import { jsonSchema } from '@corsac/model';
import { z } from 'zod';

/** Names of tenant, track and party, as spelled everywhere: lower case, at most 50 characters. */
export const name = z.string().regex(/^[a-z0-9_-]{1,50}$/);
/** Opaque ids made by Corsac: base64url, bounded. */
export const opaqueId = z.string().regex(/^[A-Za-z0-9_.~-]{1,200}$/);
/** Seconds since 1970. */
export const unixSeconds = z.number().int().nonnegative();

const json: z.ZodType<unknown> = z.json();
/** JWT claims as they are inside: JSON values by claim name. */
export const claims = z.record(z.string(), json);

/** Claims as they stand in users that are sent: their values are described once in a message with both. */
export const writtenClaims = z.record(z.string(), jsonSchema);

/** Where something happens: a track of a tenant. */
export const trackAddress = z.object({ tenant: name, track: name });
export type TrackAddress = z.infer<typeof trackAddress>;
