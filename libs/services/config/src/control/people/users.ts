import { keptUser, listUsers, removeUser, resetSecondFactor } from '@corsac/contracts';
import { userLabel } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import type { Call, Caller, Operation, Reply } from '../api/operation.js';
import { pageQuery, pageShape } from '../api/page.js';
import { checkPrecondition } from '../api/precondition.js';
import { notFound, type Answered } from '../api/refusal.js';
import { ask } from './asking/ask.js';
import { inTrack } from './asking/in-track.js';
import { queryText, userCursor } from './asking/texts.js';
import type { PeopleParts } from './parts.js';
import { createUser, readUser, replaceUser, sentUser } from './write-user.js';

const all = '/api/{tenant}/{track}/users';
const one = `${all}/{user_id}`;

const listQuery = pageQuery.extend({
  cursor: userCursor.describe('`next` of the page before.'),
  filter: queryText(100).optional().describe('Part of an identifier or of the name.'),
});

const removeOne = async (parts: PeopleParts, call: Caller): Promise<Answered<Reply>> => {
  const { tenant, track, params, context, headers } = call;
  const user_id = params['user_id']!;
  const before = await readUser(parts, call, user_id);
  if (!before.ok) return before;
  const stale = checkPrecondition(headers, before.value);
  if (stale) return fail(stale);
  const removed = await ask(
    { bus: parts.bus, context },
    removeUser,
    { tenant, track, user_id },
    {
      unknown_user: () => notFound(`user ${user_id}`),
    },
  );
  return removed.ok ? ok({ changed: [{ target: `user ${userLabel(before.value)}`, before: before.value }] }) : removed;
};

const resetFactor = async (parts: PeopleParts, call: Caller): Promise<Answered<Reply>> => {
  const { tenant, track, params, context } = call;
  const user_id = params['user_id']!;
  const before = await readUser(parts, call, user_id);
  if (!before.ok) return before;
  const reset = await ask(
    { bus: parts.bus, context },
    resetSecondFactor,
    { tenant, track, user_id },
    {
      unknown_user: () => notFound(`user ${user_id}`),
    },
  );
  if (!reset.ok) return reset;
  const after = { ...before.value, has_second_factor: false };
  return ok({ changed: [{ target: `user ${userLabel(before.value)}`, before: before.value, after }] });
};

const listOf = async (
  { bus }: PeopleParts,
  { tenant, track, query, context }: Call<ReturnType<typeof listQuery.parse>, undefined>,
): Promise<Answered<Reply>> => {
  const { cursor: after, limit, filter } = query;
  const listed = await ask({ bus, context }, listUsers, { tenant, track, limit, after, filter }, {});
  if (!listed.ok) return listed;
  const { users, more: next } = listed.value;
  return ok({ body: { items: users.map((user) => keptUser.parse(user)), ...(next !== undefined && { next }) } });
};

const reading = (parts: PeopleParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'listUsers',
      method: 'GET',
      path: all,
      area: 'user',
      summary: 'Users of the track, in the order of their ids',
      query: listQuery,
      answer: pageShape(keptUser),
      run: (call) => listOf(parts, call),
    }),
    operation({
      id: 'readUser',
      method: 'GET',
      path: one,
      area: 'user',
      summary: 'One user',
      answer: keptUser,
      run: async (call) => {
        const user = await readUser(parts, call, call.params['user_id']!);
        return user.ok ? ok({ body: user.value, tagged: true }) : user;
      },
    }),
  ];
};

const changing = (parts: PeopleParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'createUser',
      method: 'POST',
      path: all,
      area: 'user',
      summary: 'Makes a user. A password as text must be one that the track lets users take',
      body: sentUser,
      answer: keptUser,
      creates: true,
      refusals: [409, 422],
      run: (call) => createUser(parts, call),
    }),
    operation({
      id: 'putUser',
      method: 'PUT',
      path: one,
      area: 'user',
      summary:
        'Makes the user as it is sent, whole; a password that is left out stays. `disabled` and a new password end sessions and refresh grants',
      body: sentUser,
      answer: keptUser,
      refusals: [409, 412, 422],
      run: (call) => replaceUser(parts, call),
    }),
    operation({
      id: 'removeUser',
      method: 'DELETE',
      path: one,
      area: 'user',
      summary: 'Removes the user; sessions and refresh grants end within seconds',
      refusals: [412],
      run: (call) => removeOne(parts, call),
    }),
    operation({
      id: 'removeSecondFactor',
      method: 'DELETE',
      path: `${one}/second_factor`,
      area: 'user',
      summary: 'Forgets the authenticator app and the recovery codes of the user; sessions go on',
      run: (call) => resetFactor(parts, call),
    }),
  ];
};

/** Users of a track: who they are and how they sign in. Nobody is shown a password, its hash or a seed. */
export const userOperations = (parts: PeopleParts): Operation[] => [...reading(parts), ...changing(parts)];
