import { Controller } from '@nestjs/common';
import {
  configurationChanged,
  keysChangedNotice,
  readTrackKeys,
  rotateKeys,
  type Answer,
  type ChangedTrack,
} from '@corsac/contracts';
import { Answers, Hears, HearsDurable } from '@corsac/service';
import type { z } from 'zod';
import { KeyKeeper } from './key-keeper.js';
import { KeyRing } from './key-ring.js';
import type { TrackName } from './key-store.js';
import { RemovedTracks } from './removed-tracks.js';
import { TrackKeyAnswers } from './track-key-answers.js';

@Controller()
export class KeysSubjects {
  constructor(
    private readonly answers: TrackKeyAnswers,
    private readonly keeper: KeyKeeper,
    private readonly ring: KeyRing,
    private readonly removed: RemovedTracks,
  ) {}

  @Answers(readTrackKeys)
  async read(
    request: z.infer<typeof readTrackKeys.request>,
  ): Promise<Answer<z.infer<typeof readTrackKeys.response>, 'unknown_track' | 'key_not_ready'>> {
    return this.answers.read(request);
  }

  @Answers(rotateKeys)
  async rotate(
    request: z.infer<typeof rotateKeys.request>,
  ): Promise<Answer<z.infer<typeof rotateKeys.response>, 'unknown_track'>> {
    return this.answers.rotate(request);
  }

  @Hears(keysChangedNotice, 'token')
  async changed(name: TrackName): Promise<void> {
    this.ring.forget(name);
  }

  /** A new track wants keys, a changed one perhaps other ones, and of a removed one nothing is left. */
  @HearsDurable(configurationChanged, 'token')
  async configured({ tenant, track, removed }: ChangedTrack): Promise<void> {
    return removed ? this.removed.putAway({ tenant, track }) : this.keeper.changed({ tenant, track });
  }
}
