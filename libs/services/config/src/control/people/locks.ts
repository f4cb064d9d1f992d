import { listLocks, lock, removeLock, type Lock } from '@corsac/contracts';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import type { Call, Caller, Operation, Reply } from '../api/operation.js';
import { pageOf, pageQuery, pageShape } from '../api/page.js';
import { notFound, type Answered } from '../api/refusal.js';
import { ask } from './asking/ask.js';
import { inTrack } from './asking/in-track.js';
import type { PeopleParts } from './parts.js';

const all = '/api/{tenant}/{track}/locks';

const removeQuery = z.strictObject({
  of: lock.shape.of.describe('Who waits: whoever signs in as this user, or whoever comes from this address.'),
  guessed: lock.shape.guessed.describe('What was wrong too often.'),
  value: lock.shape.value.min(1).describe('The identifier as it was typed, or the network address.'),
});

const nameOf = ({ of, guessed, value }: Lock): string => `${of} ${guessed} ${value}`;

const read = async ({ bus }: PeopleParts, { tenant, track, context }: Caller): Promise<Answered<Lock[]>> => {
  const listed = await ask({ bus, context }, listLocks, { tenant, track }, {});
  return listed.ok ? ok(listed.value.locks.map((each) => lock.parse(each))) : listed;
};

const remove = async (
  parts: PeopleParts,
  call: Call<z.output<typeof removeQuery>, undefined>,
): Promise<Answered<Reply>> => {
  const { tenant, track, context, query } = call;
  const locks = await read(parts, call);
  if (!locks.ok) return locks;
  const name = nameOf(query);
  const before = locks.value.find((each) => nameOf(each) === name);
  if (!before) return notFound(`lock of the ${query.of} ${query.value}`);
  const removed = await ask({ bus: parts.bus, context }, removeLock, { tenant, track, lock: before }, {});
  return removed.ok ? ok({ changed: [{ target: `lock of the ${query.of} ${query.value}`, before }] }) : removed;
};

/** Who has to wait after too many wrong passwords or codes. */
export const lockOperations = (parts: PeopleParts): Operation[] => {
  const operation = inTrack(parts.trackExists);
  return [
    operation({
      id: 'listLocks',
      method: 'GET',
      path: all,
      area: 'user',
      summary: 'Identifiers and addresses that have to wait just now; there need not be such a user',
      query: pageQuery,
      answer: pageShape(lock),
      run: async (call) => {
        const locks = await read(parts, call);
        return locks.ok ? ok({ body: pageOf(locks.value, call.query, nameOf, (each) => each) }) : locks;
      },
    }),
    operation({
      id: 'removeLock',
      method: 'DELETE',
      path: all,
      area: 'user',
      summary: 'Lets somebody try again at once',
      query: removeQuery,
      run: (call) => remove(parts, call),
    }),
  ];
};
