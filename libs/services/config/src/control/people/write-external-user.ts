import {
  importExternalUsers,
  keptExternalUser,
  listExternalUsers,
  seenExternalUser,
  type KeptExternalUser,
} from '@corsac/contracts';
import {
  checkExternalUsers,
  externalUserFields,
  externalUserSchema,
  type ExternalUser,
  type ImportedExternalUser,
} from '@corsac/model';
import { ok } from '@corsac/outcome';
import { z } from 'zod';
import type { Call, Caller, Reply } from '../api/operation.js';
import { conflict, fieldErrorsOf, invalid, notFound, type Answered } from '../api/refusal.js';
import { ask } from './asking/ask.js';
import { changedMeanwhile, changeSeen } from './asking/change-seen.js';
import { isUserId, storable } from './asking/texts.js';
import type { PeopleParts } from './parts.js';

const onlyShown = z.unknown().optional().describe('Only shown: what is sent does not count.');

/** A record as somebody sends it: also as it was shown, with something changed. */
export const sentExternalUser = storable(
  externalUserSchema.safeExtend({
    last_sign_in: onlyShown,
    expires: onlyShown,
    created: onlyShown,
    updated: onlyShown,
  }),
).transform(({ last_sign_in: _1, expires: _2, created: _3, updated: _4, ...user }) => user);

/** @returns the record as administrators see it, or 404 */
export const readExternalUser = async (
  { bus }: Pick<PeopleParts, 'bus'>,
  { tenant, track, context }: Caller,
  user_id: string,
): Promise<Answered<KeptExternalUser>> => {
  if (!isUserId(user_id)) return notFound('such external user');
  const listed = await ask({ bus, context }, listExternalUsers, { tenant, track, user_id, limit: 1 }, {});
  if (!listed.ok) return listed;
  const user = listed.value.users.find((each) => each.user_id === user_id);
  return user ? ok(keptExternalUser.parse(user)) : notFound(`external user ${user_id}`);
};

/** The up-party that the record is of must look for records, and by the values that the record has. */
const checkUpParty = async (
  { readTrack }: PeopleParts,
  { tenant, track }: Caller,
  user: ExternalUser,
): Promise<Answered<undefined>> => {
  const found = await readTrack(tenant, track);
  if (!found) return notFound(`track ${track} in tenant ${tenant}`);
  const problems = checkExternalUsers([user], found.up_parties).map(({ path, ...rest }) => ({
    ...rest,
    path: path.slice(1),
  }));
  return problems.length > 0 ? invalid(fieldErrorsOf(problems)) : ok(undefined);
};

const write = async (
  { bus }: PeopleParts,
  { tenant, track, context }: Caller,
  user: ImportedExternalUser & { readonly user_id: string },
  seen: KeptExternalUser | undefined,
): Promise<Answered<undefined>> => {
  const request = { tenant, track, users: [user], seen: [seen ? seenExternalUser.parse(seen) : null] };
  const written = await ask({ bus, context }, importExternalUsers, request, {
    value_taken: () =>
      conflict('A value of the record is taken.', 'Its link value or redemption value is that of another record.'),
    changed_meanwhile: () => changedMeanwhile,
  });
  if (!written.ok) return written;
  return written.value.unknown?.length ? notFound(`external user ${user.user_id}`) : ok(undefined);
};

/** Makes a record. 409 when there is one of the id or of a value, whoever makes it meanwhile. */
export const createExternalUser = async (
  parts: PeopleParts,
  call: Call<undefined, ExternalUser>,
): Promise<Answered<Reply>> => {
  const { tenant, track, body } = call;
  const checked = await checkUpParty(parts, call, body);
  if (!checked.ok) return checked;
  const user_id = body.user_id ?? parts.newId();
  const written = await write(parts, call, { ...body, user_id }, undefined);
  if (!written.ok && written.error === changedMeanwhile.error)
    return conflict('There is a record of the id or of a value of it already.');
  if (!written.ok) return written;
  const made = await readExternalUser(parts, call, user_id);
  const location = `/api/${tenant}/${track}/external_users/${encodeURIComponent(user_id)}`;
  const changed = [{ target: `external user ${user_id}`, after: made.ok ? made.value : { ...body, user_id } }];
  return ok({ status: 201, location, changed, ...(made.ok && { body: made.value, tagged: true }) });
};

/** Makes a record as it is sent, whole; only its link stays when it is left out, and its up-party always. */
export const replaceExternalUser = async (
  parts: PeopleParts,
  call: Call<undefined, ExternalUser>,
): Promise<Answered<Reply>> => {
  const { params, body } = call;
  const user_id = params['user_id']!;
  if (body.user_id !== undefined && body.user_id !== user_id)
    return invalid([{ field: 'user_id', message: `must be ${user_id}, as in the address`, mend: 'Leave it out.' }]);
  const read = () => readExternalUser(parts, call, user_id);
  return changeSeen(call, read, async (before) => {
    if (body.up_party !== before.up_party)
      return invalid([{ field: 'up_party', message: `must stay ${before.up_party}`, mend: 'Make another record.' }]);
    const checked = await checkUpParty(parts, call, body);
    if (!checked.ok) return checked;
    const written = await write(parts, call, { ...body, user_id, changed: [...externalUserFields] }, before);
    if (!written.ok) return written;
    const now = await read();
    const changed = [
      { target: `external user ${user_id}`, before, after: now.ok ? now.value : { ...before, ...body, user_id } },
    ];
    return ok({ changed, ...(now.ok && { body: now.value, tagged: true }) });
  });
};
