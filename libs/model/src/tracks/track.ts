import { z } from 'zod';
import { realmNameSchema } from '../names/names.js';
import type { DownParty, WrittenDownParty } from '../parties/down-party.js';
import type { UpParty, WrittenUpParty } from '../parties/up-party.js';
import type { ExternalUser } from '../users/external-user.js';
import type { WrittenUser } from '../users/user.js';
import type { TrackSettings, WrittenTrackSettings } from './settings.js';

const realmShape = {
  name: realmNameSchema.describe(
    'First part of its addresses (tenant) or second (track). The production track is usually named `-`; users of the track `master` administer the tenant.',
  ),
  display_name: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('What people call it. For administrators; pages do not show it.'),
  note: z.string().max(200).optional().describe('For administrators; nothing reads it.'),
};

/** A tenant by itself. */
export const tenantSchema = z.strictObject(realmShape);
export type Tenant = z.output<typeof tenantSchema>;

/** A track by itself, without what it holds. */
export const trackHeadShape = realmShape;

/** A track with what it holds, as somebody writes it: defaults filled in, secrets as written. */
export interface WrittenTrack {
  name: string;
  display_name?: string;
  note?: string;
  settings: WrittenTrackSettings;
  up_parties: WrittenUpParty[];
  down_parties: WrittenDownParty[];
  users: WrittenUser[];
  /** Records of users whom other providers sign in. */
  external_users?: ExternalUser[];
}

/** A track with what it holds, as it is kept and sent to the services. Users belong to the authorize service and are not in it. */
export interface Track {
  tenant: string;
  name: string;
  display_name?: string;
  note?: string;
  settings: TrackSettings;
  up_parties: UpParty[];
  down_parties: DownParty[];
}

/** Figures of reference 2.1. */
export const trackLimits = { upParties: 1000, downParties: 1000 } as const;
