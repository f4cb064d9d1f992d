import { journey, listJourneys, type Journey } from '@corsac/contracts';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import type { Call, Caller, Operation, Reply } from '../api/operation.js';
import { pageQuery, pageShape } from '../api/page.js';
import { notFound, type Answered } from '../api/refusal.js';
import { ask } from '../people/asking/ask.js';
import { inTrack } from '../people/asking/in-track.js';
import { isOpaqueId } from '../people/asking/texts.js';
import { seesTrack } from '../people/asking/visible-tracks.js';
import type { RecordParts } from './keys.js';

const all = '/api/{tenant}/{track}/journeys';

const listQuery = pageQuery.extend({
  cursor: z
    .string()
    .max(250)
    .regex(/^\d{1,15}\.[A-Za-z0-9_.~-]+$/, 'must be `next` of the page before')
    .optional()
    .describe('`next` of the page before.'),
  before_ms: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Only what happened before this moment. Milliseconds since 1970.'),
});

const shownJourney = journey.omit({ tenant: true }).extend({
  elsewhere: z
    .int()
    .optional()
    .describe('So many of its events are of tracks whose log you may not read; left out when there are none.'),
});

/** What the caller may see of a journey. */
const shown = ({ tenant: _tenant, events, ...rest }: Journey, sees: (track: string) => boolean): object => {
  const seen = events.filter(({ track }) => sees(track));
  const elsewhere = events.length - seen.length;
  return { ...rest, events: seen, ...(elsewhere > 0 && { elsewhere }) };
};

const listOf = async (
  { bus }: RecordParts,
  call: Call<z.output<typeof listQuery>, undefined>,
): Promise<Answered<Reply>> => {
  const { tenant, track, context, query } = call;
  const { cursor: after, ...page } = query;
  const listed = await ask({ bus, context }, listJourneys, { tenant, track, after, ...page }, {});
  if (!listed.ok) return listed;
  const { journeys, more: next } = listed.value;
  const sees = seesTrack(call, 'log');
  const items = journeys.map((each) => shown(journey.parse(each), sees));
  return ok({ body: { items, ...(next !== undefined && { next }) } });
};

const readOne = async ({ bus }: RecordParts, call: Caller): Promise<Answered<Reply>> => {
  const { tenant, track, params, context } = call;
  const sequence_id = params['sequence_id']!;
  if (!isOpaqueId(sequence_id)) return notFound('such journey');
  const listed = await ask({ bus, context }, listJourneys, { tenant, track, sequence_id, limit: 1 }, {});
  if (!listed.ok) return listed;
  const found = listed.value.journeys.find((each) => each.sequence_id === sequence_id);
  return found ? ok({ body: shown(journey.parse(found), seesTrack(call, 'log')) }) : notFound(`journey ${sequence_id}`);
};

/** What happened on the way of logins and logouts. Claims are told by name only. */
export const journeyOperations = (parts: RecordParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'listJourneys',
      method: 'GET',
      path: all,
      area: 'log',
      summary: 'Logins and logouts that touched the track, those first that went on last',
      query: listQuery,
      answer: pageShape(shownJourney),
      run: (call) => listOf(parts, call),
    }),
    operation({
      id: 'readJourney',
      method: 'GET',
      path: `${all}/{sequence_id}`,
      area: 'log',
      summary: 'One login or logout, every step of it',
      answer: shownJourney,
      run: (call) => readOne(parts, call),
    }),
  ];
};
