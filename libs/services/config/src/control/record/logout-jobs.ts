import { listLogoutJobs, logoutJob, type LogoutJob } from '@corsac/contracts';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import type { Call, Operation, Reply } from '../api/operation.js';
import { pageQuery, pageShape } from '../api/page.js';
import type { Answered } from '../api/refusal.js';
import { ask } from '../people/asking/ask.js';
import { inTrack } from '../people/asking/in-track.js';
import { seesTrack } from '../people/asking/visible-tracks.js';
import type { RecordParts } from './keys.js';

const listQuery = pageQuery.extend({
  cursor: z
    .string()
    .max(250)
    .regex(/^\d{1,12}\.[A-Za-z0-9_.~-]+$/, 'must be `next` of the page before')
    .optional()
    .describe('`next` of the page before.'),
});

const shownJob = logoutJob.omit({ tenant: true }).extend({
  elsewhere: z
    .int()
    .optional()
    .describe('So many of its sessions and receipts are of tracks whose log you may not read; left out when none is.'),
});

/** What the caller may see of a job. */
const shown = (
  { tenant: _tenant, sessions, receipts, ...rest }: LogoutJob,
  sees: (track: string) => boolean,
): object => {
  const seen = {
    sessions: sessions.filter(({ track }) => sees(track)),
    receipts: receipts.filter(({ track }) => sees(track)),
  };
  const elsewhere = sessions.length + receipts.length - seen.sessions.length - seen.receipts.length;
  return { ...rest, ...seen, ...(elsewhere > 0 && { elsewhere }) };
};

const listOf = async (
  { bus }: RecordParts,
  call: Call<z.output<typeof listQuery>, undefined>,
): Promise<Answered<Reply>> => {
  const { tenant, track, context, query } = call;
  const { cursor: after, limit } = query;
  const listed = await ask({ bus, context }, listLogoutJobs, { tenant, track, limit, after }, {});
  if (!listed.ok) return listed;
  const { jobs, more: next } = listed.value;
  const sees = seesTrack(call, 'log');
  const items = jobs.map((job) => shown(logoutJob.parse(job), sees));
  return ok({ body: { items, ...(next !== undefined && { next }) } });
};

/** Which applications were told of logouts, how and when, and what failed. */
export const logoutJobOperations = (parts: RecordParts): Operation[] => [
  inTrack(parts.trackExists)({
    id: 'listLogoutJobs',
    method: 'GET',
    path: '/api/{tenant}/{track}/logout_jobs',
    area: 'log',
    summary: 'Logouts that ended sessions of the track, newest first: who was told, how, when, and what failed',
    query: listQuery,
    answer: pageShape(shownJob),
    run: (call) => listOf(parts, call),
  }),
];
