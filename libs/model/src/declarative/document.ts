import { z } from 'zod';
import { realmNameSchema } from '../names/names.js';
import { writtenDownPartySchema } from '../parties/down-party.js';
import { writtenUpPartySchema } from '../parties/up-party.js';
import { tenantSchema, trackHeadShape } from '../tracks/track.js';
import { writtenTrackSettingsSchema } from '../tracks/settings.js';
import { externalUserSchema } from '../users/external-user.js';
import { writtenUserSchema } from '../users/user.js';

const lists = (part: z.ZodType) => z.array(part).optional();

/** What a document is made of, before the parts are read one by one: then each part's problems get a place. */
const contents = {
  settings: z.unknown().optional().describe('See [settings of a track](#settings-of-a-track).'),
  up_parties: lists(z.unknown()).describe('What the track trusts to authenticate users.'),
  down_parties: lists(z.unknown()).describe('Applications and APIs that trust the track.'),
  users: lists(z.unknown()).describe('Users of the track itself, see [users](#users).'),
  external_users: lists(z.unknown()).describe(
    'Records of users whom others sign in, see [external users](#external-users).',
  ),
};

const track = z.strictObject({ ...trackHeadShape, ...contents });
const tenant = tenantSchema.extend({ tracks: z.array(track).default([]).describe('Tracks of the tenant.') });

const { name: _name, ...headWithoutName } = trackHeadShape;

/** A document about whole tenants: `tenants:`. */
export const tenantsDocument = z.strictObject({ tenants: z.array(tenant).describe('Tenants, and what they hold.') });

/** A document about one track, or a part of it: `tenant:` and `track:` and what the track holds. */
export const trackDocument = z.strictObject({
  tenant: realmNameSchema,
  track: realmNameSchema,
  ...headWithoutName,
  ...contents,
});

export type RawTrack = z.output<typeof track>;
export type RawTenant = z.output<typeof tenant>;
export type RawTrackDocument = z.output<typeof trackDocument>;

const full = {
  settings: writtenTrackSettingsSchema.optional(),
  up_parties: z.array(writtenUpPartySchema).optional(),
  down_parties: z.array(writtenDownPartySchema).optional(),
  users: z.array(writtenUserSchema).optional(),
  external_users: z.array(externalUserSchema).optional(),
};

const fullTenant = tenantSchema.extend({ tracks: z.array(z.strictObject({ ...trackHeadShape, ...full })).optional() });

const fileSchema = z.union([
  z.strictObject({ tenants: z.array(fullTenant) }),
  z.strictObject({ tenant: realmNameSchema, track: realmNameSchema, ...headWithoutName, ...full }),
]);

/** JSON Schema (2020-12) of a declarative file, for editors; made from the schemas that validate. */
export const declarativeJsonSchema = (): Record<string, unknown> => ({
  title: 'Corsac configuration',
  ...z.toJSONSchema(fileSchema, { io: 'input', unrepresentable: 'any', reused: 'ref' }),
});
