import { Controller, Inject } from '@nestjs/common';
import { listChanges, readTrack } from '@corsac/contracts';
import { ok } from '@corsac/outcome';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import { readTrackPage } from './tracks/read-track.js';
import type { TrackStore } from './tracks/track-store.js';

export const TRACK_STORE = Symbol('track store');

/** What the other services may ask of configuration. */
@Controller()
export class ConfigSubjects {
  constructor(@Inject(TRACK_STORE) private readonly store: TrackStore) {}

  @Answers(readTrack)
  read(asked: z.output<typeof readTrack.request>) {
    return readTrackPage(this.store, asked);
  }

  @Answers(listChanges)
  async changes({ after }: z.output<typeof listChanges.request>) {
    return ok(await this.store.changesAfter(after));
  }
}
