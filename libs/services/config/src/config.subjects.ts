import { Controller, Inject } from '@nestjs/common';
import { listChanges, readTrack, renewFingerprints } from '@corsac/contracts';
import { ok } from '@corsac/outcome';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import { readTrackPage } from './tracks/read-track.js';
import { PostgresFingerprints } from './store/postgres-fingerprints.js';
import type { TrackStore } from './tracks/track-store.js';

export const TRACK_STORE = Symbol('track store');
export const BASE_URL = Symbol('base url');

/** What the other services may ask of configuration. */
@Controller()
export class ConfigSubjects {
  constructor(
    @Inject(TRACK_STORE) private readonly store: TrackStore,
    private readonly fingerprints: PostgresFingerprints,
    @Inject(BASE_URL) private readonly base_url: string,
  ) {}

  @Answers(readTrack)
  read(asked: z.output<typeof readTrack.request>) {
    return readTrackPage({ store: this.store, base_url: this.base_url }, asked);
  }

  @Answers(listChanges)
  async changes({ after }: z.output<typeof listChanges.request>) {
    return ok(await this.store.changesAfter(after));
  }

  @Answers(renewFingerprints)
  async renew({ secrets }: z.output<typeof renewFingerprints.request>) {
    return ok({ renewed: await this.fingerprints.renew(secrets) });
  }
}
