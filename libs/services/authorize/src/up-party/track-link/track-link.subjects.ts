import { Controller, Inject } from '@nestjs/common';
import { trackLinkAnswered, trackLinkRequested } from '@corsac/contracts';
import { Hears } from '@corsac/service';
import type { z } from 'zod';
import { openLinkedTrack, type OpenParts } from '../../down-party/track-link/open-linked-track.js';
import { Hops } from './hop.js';

export const TRACK_LINKS = Symbol('track links');

export interface TrackLinks {
  readonly hops: Hops;
  readonly open: OpenParts;
}

/** The hops of track links as they come by the bus. */
@Controller()
export class TrackLinkSubjects {
  constructor(@Inject(TRACK_LINKS) private readonly links: TrackLinks) {}

  @Hears(trackLinkRequested, 'authorize')
  async requested(hop: z.output<typeof trackLinkRequested.payload>): Promise<void> {
    const opened = await openLinkedTrack(this.links.open, hop);
    if (opened !== 'ignored') await this.links.hops.tell(hop, hop.reply_to, opened);
  }

  @Hears(trackLinkAnswered, 'authorize')
  async answered(answer: z.output<typeof trackLinkAnswered.payload>): Promise<void> {
    this.links.hops.answered(answer);
  }
}
