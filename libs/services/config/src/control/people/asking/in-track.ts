import type { z } from 'zod';
import { operation, type Operation, type Written } from '../../api/operation.js';
import { notFound } from '../../api/refusal.js';

export type TrackExists = (tenant: string, track: string) => Promise<boolean>;

/** Makes an operation on what belongs to a track; of a track that is not there nobody else is asked. */
export const inTrack =
  (trackExists: TrackExists) =>
  <Query extends z.ZodType = z.ZodUndefined, Body extends z.ZodType = z.ZodUndefined>(
    written: Written<Query, Body>,
  ): Operation =>
    operation<Query, Body>({
      ...written,
      refusals: [...new Set([404 as const, ...(written.refusals ?? [])])],
      run: async (call) =>
        (await trackExists(call.tenant, call.track))
          ? written.run(call)
          : notFound(`track ${call.track} in tenant ${call.tenant}`),
    });
