import { Controller, Inject } from '@nestjs/common';
import { listJourneys } from '@corsac/contracts';
import { ok } from '@corsac/outcome';
import { Answers } from '@corsac/service';
import type { z } from 'zod';
import type { JourneyStore } from './journey-store.js';

export const JOURNEYS = Symbol('journeys');

/** The record of journeys, for those who administer a track. */
@Controller()
export class JourneySubjects {
  constructor(@Inject(JOURNEYS) private readonly store: JourneyStore) {}

  @Answers(listJourneys)
  async list(query: z.output<typeof listJourneys.request>) {
    return ok(await this.store.list(query));
  }
}
