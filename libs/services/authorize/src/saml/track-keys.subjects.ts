import { Controller, Inject } from '@nestjs/common';
import { keysChangedNotice } from '@corsac/contracts';
import { Hears } from '@corsac/service';
import type { TrackKeys } from './track-keys.js';

export const TRACK_KEYS = Symbol('track keys');

/** Keys of a track rotated: metadata and signatures show the new ones at once. */
@Controller()
export class TrackKeysSubjects {
  constructor(@Inject(TRACK_KEYS) private readonly keys: TrackKeys) {}

  @Hears(keysChangedNotice, 'authorize')
  async changed(place: { tenant: string; track: string }): Promise<void> {
    this.keys.forget(place);
  }
}
