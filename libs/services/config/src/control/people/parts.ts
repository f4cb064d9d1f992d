import type { Bus } from '@corsac/contracts';
import type { Track } from '@corsac/model';
import type { PrepareSecrets } from '../../secrets/prepare.js';
import type { TrackExists } from './asking/in-track.js';

/** What operations on people need. */
export interface PeopleParts {
  readonly bus: Pick<Bus, 'ask'>;
  readonly trackExists: TrackExists;
  /** Settings for new passwords, and up-parties that sign external users in. */
  readonly readTrack: (tenant: string, track: string) => Promise<Pick<Track, 'settings' | 'up_parties'> | undefined>;
  /** Hashes passwords. */
  readonly secrets: () => Pick<PrepareSecrets, 'user'>;
  /** A UUID. */
  readonly newId: () => string;
  /** Of the installation: no password may have its host name in it. */
  readonly base_url: string;
}
