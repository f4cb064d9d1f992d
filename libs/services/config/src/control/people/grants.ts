import { endGrants, listGrants } from '@corsac/contracts';
import { nameSchema } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import type { Call, Caller, Operation, Reply } from '../api/operation.js';
import { pageQuery, pageShape } from '../api/page.js';
import { badRequest, notFound, type Answered } from '../api/refusal.js';
import { ask } from './asking/ask.js';
import { inTrack } from './asking/in-track.js';
import { isOpaqueId, queryText } from './asking/texts.js';
import type { PeopleParts } from './parts.js';

const all = '/api/{tenant}/{track}/grants';
const one = `${all}/{grant_id}`;
/** Most grants that an entry of the audit log names; the others are counted. */
const named = 200;

const filters = {
  sub: queryText(2000).optional().describe('Only those of this subject.'),
  client_id: nameSchema.optional().describe('Only those of this client.'),
};
const listQuery = pageQuery.extend({
  ...filters,
  cursor: z
    .string()
    .refine(isOpaqueId, { message: 'must be `next` of the page before' })
    .optional()
    .describe('`next` of the page before.'),
});
const endQuery = z.strictObject(filters).refine(({ sub, client_id }) => sub !== undefined || client_id !== undefined, {
  path: ['sub'],
  message: 'or client_id is required',
});

const seconds = z.int().describe('Seconds since 1970.');
const shownGrant = z.object({
  grant_id: z.string(),
  client_id: z.string(),
  sub: z.string(),
  sid: z.string().describe('Session that it was granted in; it may be over.'),
  scope: z.string(),
  created: seconds,
  expires: seconds,
});
const endedGrants = z.object({ ended: z.int().describe('How many.') });

type Filter = Pick<z.output<typeof listQuery>, 'sub' | 'client_id'> & { readonly grant_id?: string };

const list = (
  { bus }: PeopleParts,
  { tenant, track, context }: Caller,
  filter: Filter & { readonly limit: number; readonly after?: string | undefined },
) => ask({ bus, context }, listGrants, { tenant, track, ...filter }, {});

const readOne = async (parts: PeopleParts, call: Caller): Promise<Answered<z.output<typeof shownGrant>>> => {
  const grant_id = call.params['grant_id']!;
  const missing = notFound(`refresh grant ${grant_id.slice(0, 200)}`);
  if (!isOpaqueId(grant_id)) return missing;
  const listed = await list(parts, call, { grant_id, limit: 1 });
  if (!listed.ok) return listed;
  const grant = listed.value.grants.find((each) => each.grant_id === grant_id);
  return grant ? ok(shownGrant.parse(grant)) : missing;
};

const end = ({ bus }: PeopleParts, { tenant, track, context }: Caller, filter: Filter) =>
  ask(
    { bus, context },
    endGrants,
    { tenant, track, ...filter },
    {
      nothing_named: () => badRequest('The query names nothing.'),
    },
  );

const listOf = async (
  parts: PeopleParts,
  call: Call<z.output<typeof listQuery>, undefined>,
): Promise<Answered<Reply>> => {
  const { cursor: after, ...wanted } = call.query;
  const listed = await list(parts, call, { ...wanted, after });
  if (!listed.ok) return listed;
  const { grants, more: next } = listed.value;
  const items = grants.map((grant) => shownGrant.parse(grant));
  return ok({ body: { items, ...(next !== undefined && { next }) } });
};

const endOne = async (parts: PeopleParts, call: Caller): Promise<Answered<Reply>> => {
  const before = await readOne(parts, call);
  if (!before.ok) return before;
  const { grant_id } = before.value;
  const ended = await end(parts, call, { grant_id });
  return ended.ok ? ok({ changed: [{ target: `refresh grant ${grant_id}`, before: before.value }] }) : ended;
};

const endMany = async (
  parts: PeopleParts,
  call: Call<z.output<typeof endQuery>, undefined>,
): Promise<Answered<Reply>> => {
  const before = await list(parts, call, { ...call.query, limit: named });
  if (!before.ok) return before;
  const answered = await end(parts, call, call.query);
  if (!answered.ok) return answered;
  const { ended } = answered.value;
  const { sub, client_id } = call.query;
  const whose = [sub !== undefined && `of ${sub}`, client_id !== undefined && `for ${client_id}`].filter(Boolean);
  const grants = before.value.grants.map((grant) => shownGrant.parse(grant));
  const changed = ended > 0 ? [{ target: `refresh grants ${whose.join(' ')}`, before: { ended, grants } }] : [];
  return ok({ body: { ended }, changed });
};

/** Refresh grants of a track: what applications may do without their users. Tokens are shown to nobody. */
export const grantOperations = (parts: PeopleParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'listGrants',
      method: 'GET',
      path: all,
      area: 'user',
      summary: 'Refresh grants that live, in the order of their ids',
      query: listQuery,
      answer: pageShape(shownGrant),
      run: (call) => listOf(parts, call),
    }),
    operation({
      id: 'readGrant',
      method: 'GET',
      path: one,
      area: 'user',
      summary: 'One refresh grant',
      answer: shownGrant,
      run: async (call) => {
        const grant = await readOne(parts, call);
        return grant.ok ? ok({ body: grant.value }) : grant;
      },
    }),
    operation({
      id: 'endGrants',
      method: 'DELETE',
      path: all,
      area: 'user',
      summary: 'Ends the refresh grants of a subject, of a client or of both, with their access tokens',
      query: endQuery,
      answer: endedGrants,
      run: (call) => endMany(parts, call),
    }),
    operation({
      id: 'endGrant',
      method: 'DELETE',
      path: one,
      area: 'user',
      summary: 'Ends one refresh grant with its access tokens',
      run: (call) => endOne(parts, call),
    }),
  ];
};
