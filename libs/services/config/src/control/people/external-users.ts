import { keptExternalUser, listExternalUsers, removeExternalUser, unlinkExternalUser } from '@corsac/contracts';
import { nameSchema } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import type { Call, Caller, Operation, Reply } from '../api/operation.js';
import { pageQuery, pageShape } from '../api/page.js';
import { checkPrecondition } from '../api/precondition.js';
import { conflict, notFound, type Answered } from '../api/refusal.js';
import { ask } from './asking/ask.js';
import { inTrack } from './asking/in-track.js';
import { queryText, userCursor } from './asking/texts.js';
import type { PeopleParts } from './parts.js';
import { createExternalUser, readExternalUser, replaceExternalUser, sentExternalUser } from './write-external-user.js';

const all = '/api/{tenant}/{track}/external_users';
const one = `${all}/{user_id}`;

const listQuery = pageQuery.extend({
  cursor: userCursor.describe('`next` of the page before.'),
  up_party: nameSchema.optional().describe('Only those of this up-party.'),
  filter: queryText(100).optional().describe('Part of a link value, of a redemption value or of the name.'),
});

const listOf = async (
  { bus }: PeopleParts,
  { tenant, track, query, context }: Call<ReturnType<typeof listQuery.parse>, undefined>,
): Promise<Answered<Reply>> => {
  const { cursor: after, ...wanted } = query;
  const listed = await ask({ bus, context }, listExternalUsers, { tenant, track, after, ...wanted }, {});
  if (!listed.ok) return listed;
  const { users, more: next } = listed.value;
  const items = users.map((user) => keptExternalUser.parse(user));
  return ok({ body: { items, ...(next !== undefined && { next }) } });
};

const removeOne = async (parts: PeopleParts, call: Caller): Promise<Answered<Reply>> => {
  const { tenant, track, params, context, headers } = call;
  const user_id = params['user_id']!;
  const before = await readExternalUser(parts, call, user_id);
  if (!before.ok) return before;
  const stale = checkPrecondition(headers, before.value);
  if (stale) return fail(stale);
  const removed = await ask(
    { bus: parts.bus, context },
    removeExternalUser,
    { tenant, track, user_id },
    {
      unknown_user: () => notFound(`external user ${user_id}`),
    },
  );
  return removed.ok ? ok({ changed: [{ target: `external user ${user_id}`, before: before.value }] }) : removed;
};

const unlink = async (parts: PeopleParts, call: Caller): Promise<Answered<Reply>> => {
  const { tenant, track, params, context } = call;
  const user_id = params['user_id']!;
  const before = await readExternalUser(parts, call, user_id);
  if (!before.ok) return before;
  const done = await ask(
    { bus: parts.bus, context },
    unlinkExternalUser,
    { tenant, track, user_id },
    {
      unknown_user: () => notFound(`external user ${user_id}`),
      not_redeemable: () =>
        conflict(
          'The record has no redemption_claim_value.',
          'Without its link nobody could come to it any more. Give it one first, or remove the record.',
        ),
    },
  );
  if (!done.ok) return done;
  const { link_claim_value: _link, ...after } = before.value;
  const changed = [{ target: `external user ${user_id}`, before: before.value, after: { ...after, expires: 0 } }];
  return ok({ changed });
};

const reading = (parts: PeopleParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'listExternalUsers',
      method: 'GET',
      path: all,
      area: 'user',
      summary: 'Records of external users, in the order of their ids',
      query: listQuery,
      answer: pageShape(keptExternalUser),
      run: (call) => listOf(parts, call),
    }),
    operation({
      id: 'readExternalUser',
      method: 'GET',
      path: one,
      area: 'user',
      summary: 'One record of an external user',
      answer: keptExternalUser,
      run: async (call) => {
        const user = await readExternalUser(parts, call, call.params['user_id']!);
        return user.ok ? ok({ body: user.value, tagged: true }) : user;
      },
    }),
  ];
};

const changing = (parts: PeopleParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'createExternalUser',
      method: 'POST',
      path: all,
      area: 'user',
      summary: 'Makes a record of an external user',
      body: sentExternalUser,
      answer: keptExternalUser,
      creates: true,
      refusals: [409, 422],
      run: (call) => createExternalUser(parts, call),
    }),
    operation({
      id: 'putExternalUser',
      method: 'PUT',
      path: one,
      area: 'user',
      summary:
        'Makes the record as it is sent, whole; a link_claim_value that is left out stays. `disabled` ends sessions and refresh grants',
      body: sentExternalUser,
      answer: keptExternalUser,
      refusals: [409, 412, 422],
      run: (call) => replaceExternalUser(parts, call),
    }),
    operation({
      id: 'removeExternalUser',
      method: 'DELETE',
      path: one,
      area: 'user',
      summary: 'Removes the record; sessions and refresh grants that stand on it end within seconds',
      refusals: [412],
      run: (call) => removeOne(parts, call),
    }),
    operation({
      id: 'unlinkExternalUser',
      method: 'DELETE',
      path: `${one}/link`,
      area: 'user',
      summary: 'Takes the link off, so that the record can be redeemed again; sessions and refresh grants end',
      refusals: [409],
      run: (call) => unlink(parts, call),
    }),
  ];
};

/** Records of users whom up-parties of other providers sign in. */
export const externalUserOperations = (parts: PeopleParts): Operation[] => [...reading(parts), ...changing(parts)];
