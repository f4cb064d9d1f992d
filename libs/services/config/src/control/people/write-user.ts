import { importUsers, keptUser, listUsers, seenUser, type KeptUser } from '@corsac/contracts';
import { userFields, userLabel, writtenUserSchema, type ImportedUser } from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import type { Call, Caller, Reply } from '../api/operation.js';
import { conflict, invalid, notFound, type Answered } from '../api/refusal.js';
import { ask } from './asking/ask.js';
import { changedMeanwhile, changeSeen } from './asking/change-seen.js';
import { isUserId, storable } from './asking/texts.js';
import { passwordErrors } from './check-password.js';
import type { PeopleParts } from './parts.js';

const onlyShown = z.unknown().optional().describe('Only shown: what is sent does not count.');

/** A user as somebody sends it: also as it was shown, with something changed. */
export const sentUser = storable(
  writtenUserSchema.safeExtend({
    has_password: onlyShown,
    has_second_factor: onlyShown,
    password_changed: onlyShown,
    created: onlyShown,
    updated: onlyShown,
  }),
).transform(
  ({ has_password: _1, has_second_factor: _2, password_changed: _3, created: _4, updated: _5, ...user }) => user,
);
export type SentUser = z.output<typeof sentUser>;

/** @returns the user as administrators see it, or 404 */
export const readUser = async (
  { bus }: Pick<PeopleParts, 'bus'>,
  { tenant, track, context }: Caller,
  user_id: string,
): Promise<Answered<KeptUser>> => {
  if (!isUserId(user_id)) return notFound('such user');
  const listed = await ask({ bus, context }, listUsers, { tenant, track, user_id, limit: 1 }, {});
  if (!listed.ok) return listed;
  const user = listed.value.users.find((each) => each.user_id === user_id);
  return user ? ok(keptUser.parse(user)) : notFound(`user ${user_id}`);
};

const checkPassword = async (
  parts: PeopleParts,
  { tenant, track }: Caller,
  sent: SentUser,
): Promise<Answered<undefined>> => {
  if (typeof sent.password !== 'string') return ok(undefined);
  const found = await parts.readTrack(tenant, track);
  if (!found) return notFound(`track ${track} in tenant ${tenant}`);
  const words = [new URL(parts.base_url).hostname, tenant, track];
  const errors = passwordErrors(sent, found.settings.passwords, words);
  return errors.length > 0 ? invalid(errors) : ok(undefined);
};

const write = async (
  { bus }: PeopleParts,
  { tenant, track, context }: Caller,
  user: ImportedUser & { readonly user_id: string },
  seen: KeptUser | undefined,
): Promise<Answered<undefined>> => {
  const request = { tenant, track, users: [user], seen: [seen ? seenUser.parse(seen) : null] };
  const written = await ask({ bus, context }, importUsers, request, {
    identifier_taken: (detail) => conflict('An identifier of the user is taken.', detail),
    changed_meanwhile: () => changedMeanwhile,
  });
  if (!written.ok) return written;
  return written.value.unknown?.length ? notFound(`user ${user.user_id}`) : ok(undefined);
};

/** What was written, as far as it is known where it cannot be read again: it is written all the same. */
const asWritten = ({ password: _password, ...sent }: SentUser, before?: KeptUser): object => ({ ...before, ...sent });

/** Makes a user. 409 when there is one of the id or of an identifier, whoever makes it meanwhile. */
export const createUser = async (parts: PeopleParts, call: Call<undefined, SentUser>): Promise<Answered<Reply>> => {
  const { tenant, track, body } = call;
  const user_id = body.user_id ?? parts.newId();
  const checked = await checkPassword(parts, call, body);
  if (!checked.ok) return checked;
  const taken = conflict(`There is a user ${user_id} already.`);
  if (body.user_id !== undefined) {
    const before = await readUser(parts, call, user_id);
    if (before.ok) return taken;
    if (before.error.status !== 404) return before;
  }
  const hashed = await parts.secrets().user(body);
  const written = await write(parts, call, { ...hashed, user_id }, undefined);
  if (!written.ok) return written.error === changedMeanwhile.error ? taken : written;
  const made = await readUser(parts, call, user_id);
  const location = `/api/${tenant}/${track}/users/${encodeURIComponent(user_id)}`;
  const after = made.ok ? made.value : { ...asWritten(body), user_id };
  const changed = [{ target: `user ${userLabel(body)}`, after }];
  return ok({ status: 201, location, changed, ...(made.ok && { body: made.value, tagged: true }) });
};

/** Makes a user as it is sent, whole; only the password stays when it is left out. */
export const replaceUser = async (parts: PeopleParts, call: Call<undefined, SentUser>): Promise<Answered<Reply>> => {
  const { params, body } = call;
  const user_id = params['user_id']!;
  if (body.user_id !== undefined && body.user_id !== user_id)
    return invalid([{ field: 'user_id', message: `must be ${user_id}, as in the address`, mend: 'Leave it out.' }]);
  const fields = userFields.filter((field) => field !== 'password' || body.password !== undefined);
  const read = () => readUser(parts, call, user_id);
  // Hashed once, however often the change is tried.
  const secrets = parts.secrets();
  return changeSeen(call, read, async (before) => {
    const checked = await checkPassword(parts, call, body);
    if (!checked.ok) return checked;
    const user = { ...(await secrets.user(body)), user_id, changed: fields };
    const written = await write(parts, call, user, before);
    if (!written.ok) return written;
    const now = await read();
    const after = now.ok ? now.value : { ...asWritten(body, before), user_id };
    const changed = [{ target: `user ${userLabel(before)}`, before, after }];
    return ok({ changed, ...(now.ok && { body: now.value, tagged: true }) });
  });
};
