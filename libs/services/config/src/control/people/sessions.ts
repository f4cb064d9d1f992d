import { endSession, findSessions, type Session } from '@corsac/contracts';
import { nameSchema } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import type { Call, Caller, Changed, Operation, Reply } from '../api/operation.js';
import { pageOf, pageQuery, pageShape } from '../api/page.js';
import { notFound, type Answered } from '../api/refusal.js';
import { ask } from './asking/ask.js';
import { inTrack } from './asking/in-track.js';
import { isOpaqueId, queryText } from './asking/texts.js';
import { seesTrack } from './asking/visible-tracks.js';
import type { PeopleParts } from './parts.js';

const all = '/api/{tenant}/{track}/sessions';
const one = `${all}/{sid}`;
/** `sub` may be anything that claim transforms made of it. */
const longestSub = 2000;

const upParty = nameSchema.optional().describe('Only those of this up-party.');
const listQuery = pageQuery
  .extend({
    sub: queryText(longestSub).optional().describe('Subject of the sessions; this or `sid` is required.'),
    sid: z
      .string()
      .refine(isOpaqueId, { message: 'is not the id of a session' })
      .optional()
      .describe('Id of one session, as in tokens.'),
    up_party: upParty,
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined, { path: ['sub'], message: 'or sid is required' });

const endQuery = z.strictObject({ sub: queryText(longestSub).describe('Whose sessions end.'), up_party: upParty });

const seconds = z.int().describe('Seconds since 1970.');

/** A session as administrators see it. Claims stay away: among them may be tokens of the provider above. */
const shownSession = z.object({
  sid: z.string(),
  sub: z.string(),
  user_id: z.string().optional().describe('Of the record that the track has of the user.'),
  up_party: z.string(),
  up_party_type: z.string(),
  auth_time: seconds,
  amr: z.array(z.string()).describe('How the user was authenticated.'),
  acr: z.string().optional(),
  created: seconds,
  last_used: seconds,
  single_logout: z.boolean(),
  parties: z
    .array(z.object({ party: z.string(), type: z.string(), sub: z.string() }))
    .describe('Down-parties that were signed in to; they hear of the end.'),
  upstream: z
    .object({ issuer: z.string(), sid: z.string().optional(), sub: z.string().optional() })
    .optional()
    .describe('What the provider above calls the session.'),
  linked: z.object({ track: z.string(), sid: z.string() }).optional().describe('The session that it stands on.'),
});

const endedSessions = z.object({
  job_id: z.string().optional().describe('Logout job that tells the applications; left out when nothing ended.'),
  ended: z
    .array(z.object({ track: z.string(), sid: z.string(), sub: z.string() }))
    .describe('Also those of other tracks that ended with them, where you may read their users.'),
});

const shown = (session: Session): z.output<typeof shownSession> =>
  shownSession.parse({ ...session, user_id: session.user?.user_id });

type By = { kind: 'sid'; sid: string } | { kind: 'sub'; sub: string; up_party?: string };

const find = async (
  { bus }: Pick<PeopleParts, 'bus'>,
  { tenant, track, context }: Caller,
  by: By,
): Promise<Answered<Session[]>> => {
  if (by.kind === 'sid' && !isOpaqueId(by.sid)) return ok([]);
  const found = await ask({ bus, context }, findSessions, { tenant, track, by }, {});
  if (!found.ok) return found;
  const isMeant = (session: Session): boolean =>
    by.kind === 'sid' || by.up_party === undefined || session.up_party === by.up_party;
  return ok(found.value.sessions.filter(isMeant));
};

const listOf = async (
  parts: PeopleParts,
  call: Call<z.output<typeof listQuery>, undefined>,
): Promise<Answered<Reply>> => {
  const { sub, sid, up_party, ...page } = call.query;
  const by: By = sid !== undefined ? { kind: 'sid', sid } : { kind: 'sub', sub: sub! };
  const found = await find(parts, call, by);
  if (!found.ok) return found;
  const isMeant = (session: Session): boolean =>
    (sub === undefined || session.sub === sub) && (up_party === undefined || session.up_party === up_party);
  return ok({ body: pageOf(found.value.filter(isMeant), page, (session) => session.sid, shown) });
};

const readOne = async (parts: PeopleParts, call: Caller): Promise<Answered<Reply>> => {
  const sid = call.params['sid']!;
  const found = await find(parts, call, { kind: 'sid', sid });
  if (!found.ok) return found;
  const [session] = found.value;
  return session ? ok({ body: shown(session) }) : notFound(`session ${sid.slice(0, 200)}`);
};

/** Ends sessions as a logout by an administrator: whatever can be told without a browser is told. */
const end = async (parts: PeopleParts, call: Caller, by: By): Promise<Answered<Reply>> => {
  const { tenant, track, context } = call;
  const before = await find(parts, call, by);
  if (!before.ok) return before;
  if (by.kind === 'sid' && before.value.length === 0) return notFound(`session ${by.sid.slice(0, 200)}`);
  const request = { tenant, track, by, cause: 'administrator' as const };
  const answered = await ask({ bus: parts.bus, context }, endSession, request, {});
  if (!answered.ok) return answered;
  const { job_id, ended } = answered.value;
  const known = new Map(before.value.map((session) => [session.sid, session]));
  const changed = ended.map((gone): Changed => {
    const session = gone.track === track ? known.get(gone.sid) : undefined;
    const target = `session ${gone.sid}${gone.track === track ? '' : ` in track ${gone.track}`}`;
    return { target, before: session ? shown(session) : { sid: gone.sid, sub: gone.sub } };
  });
  const sees = seesTrack(call, 'user');
  const body = { ...(job_id !== undefined && { job_id }), ended: ended.filter((gone) => sees(gone.track)) };
  return ok({ body, changed });
};

/** Sessions of a track. Which browser they are in is nobody's business: who knew it could take them over. */
export const sessionOperations = (parts: PeopleParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'listSessions',
      method: 'GET',
      path: all,
      area: 'user',
      summary: 'Sessions of a subject, or the one of an id, in the order of their ids',
      query: listQuery,
      answer: pageShape(shownSession),
      run: (call) => listOf(parts, call),
    }),
    operation({
      id: 'readSession',
      method: 'GET',
      path: one,
      area: 'user',
      summary: 'One session',
      answer: shownSession,
      run: (call) => readOne(parts, call),
    }),
    operation({
      id: 'endSessions',
      method: 'DELETE',
      path: all,
      area: 'user',
      summary: 'Ends the sessions of a subject, as a logout: applications are told, refresh grants of the sessions end',
      query: endQuery,
      answer: endedSessions,
      run: (call) => end(parts, call, { kind: 'sub', ...call.query }),
    }),
    operation({
      id: 'endSession',
      method: 'DELETE',
      path: one,
      area: 'user',
      summary: 'Ends one session, and those of its browser that single logout ends with it; applications are told',
      answer: endedSessions,
      run: (call) => end(parts, call, { kind: 'sid', sid: call.params['sid']! }),
    }),
  ];
};
