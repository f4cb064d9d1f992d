import { ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { apiPath } from '../api/address.js';
import type { ControlApi } from '../api/control-api.js';
import { refused, wrongUsage, type Problem } from '../machine/problem.js';
import { apiFor, done, placeOptions, textOf, textsOf, trackOption, type Call, type Command } from './command.js';
import { confirm, yesOption } from './confirm.js';
import { readPassword } from './password.js';
import { table } from './table.js';

const user = z.looseObject({
  user_id: z.string(),
  email: z.string().optional(),
  phone: z.string().optional(),
  username: z.string().optional(),
  disabled: z.boolean().default(false),
  roles: z.array(z.string()).default([]),
  claims: z.looseObject({ name: z.string().optional().catch(undefined) }).default({}),
});
type User = z.output<typeof user>;

const options = { track: trackOption, ...placeOptions };
const labelOf = ({ email, username, phone, user_id }: User): string => email ?? username ?? phone ?? user_id;
const usersOf = (api: ControlApi, track: string): string => apiPath(api.tenant, track, 'users');

const sentUser = async (call: Call): Promise<Outcome<object, Problem>> => {
  const [email, username, phone, name] = ['email', 'username', 'phone', 'name'].map((option) => textOf(call, option));
  if (email === undefined && username === undefined && phone === undefined)
    return wrongUsage('a user needs --email, --username or --phone');
  const password = call.given.flags.has('password-stdin') ? await readPassword(call) : undefined;
  if (password && !password.ok) return password;
  return ok({
    ...(email !== undefined && { email, email_verified: call.given.flags.has('email-verified') }),
    ...(username !== undefined && { username }),
    ...(phone !== undefined && { phone }),
    ...(password && { password: password.value }),
    roles: textsOf(call, 'role'),
    ...(name !== undefined && { claims: { name } }),
  });
};

const add: Command['run'] = async (call) => {
  const body = await sentUser(call);
  if (!body.ok) return body;
  const api = await apiFor(call);
  if (!api.ok) return api;
  const made = await api.value.call('POST', usersOf(api.value, textOf(call, 'track')!), user, { body: body.value });
  if (!made.ok) return made;
  return done(`User ${labelOf(made.value)} is made.`, { user_id: made.value.user_id });
};

const list: Command['run'] = async (call) => {
  const api = await apiFor(call);
  if (!api.ok) return api;
  const filter = textOf(call, 'filter');
  const query = filter === undefined ? '' : `?filter=${encodeURIComponent(filter)}`;
  const users = await api.value.all(`${usersOf(api.value, textOf(call, 'track')!)}${query}`, user);
  if (!users.ok) return users;
  const rows = users.value.map((one) => [
    one.user_id,
    labelOf(one),
    one.claims.name ?? '',
    [...one.roles, ...(one.disabled ? ['(disabled)'] : [])].join(' '),
  ]);
  return ok({ lines: table(['id', 'signs in as', 'name', 'roles'], rows), json: { users: users.value } });
};

/** The one user of an email address. The filter finds parts of addresses too. */
const findUser = async (api: ControlApi, call: Call): Promise<Outcome<User, Problem>> => {
  const [email, id] = [textOf(call, 'email')?.trim().toLowerCase(), textOf(call, 'id')];
  const path = usersOf(api, textOf(call, 'track')!);
  if ((email === undefined) === (id === undefined))
    return wrongUsage('who is removed is said with --email or with --id');
  if (id !== undefined) return api.call('GET', `${path}/${encodeURIComponent(id)}`, user);
  const found = await api.all(`${path}?filter=${encodeURIComponent(email!)}`, user);
  if (!found.ok) return found;
  const one = found.value.find((each) => each.email === email);
  return one ? ok(one) : refused(`there is no user ${email!} in track ${textOf(call, 'track')!}`);
};

const remove: Command['run'] = async (call) => {
  const api = await apiFor(call);
  if (!api.ok) return api;
  const found = await findUser(api.value, call);
  if (!found.ok) return found;
  const sure = await confirm(call, `Remove user ${labelOf(found.value)}?`);
  if (!sure.ok) return sure;
  const { user_id } = found.value;
  const path = `${usersOf(api.value, textOf(call, 'track')!)}/${encodeURIComponent(user_id)}`;
  const removed = await api.value.call('DELETE', path, z.unknown());
  return removed.ok ? done(`User ${labelOf(found.value)} is removed.`, { user_id }) : removed;
};

export const userCommands: readonly Command[] = [
  {
    name: 'user add',
    says: 'Makes a user of a track',
    more: ['Without password the user gets one by the reset page.'],
    options: {
      email: { value: 'EMAIL', says: 'Email address to sign in with.' },
      username: { value: 'NAME', says: 'User name to sign in with.' },
      phone: { value: 'NUMBER', says: 'Phone number to sign in with, such as +4512345678.' },
      'email-verified': { says: 'The email address is known to be theirs.' },
      'password-stdin': { says: 'Reads the password from standard input.' },
      role: { value: 'ROLE', multiple: true, says: 'Role of the user. May be repeated.' },
      name: { value: 'TEXT', says: 'Name of the person.' },
      ...options,
    },
    run: add,
  },
  {
    name: 'user list',
    says: 'Lists the users of a track',
    options: { filter: { value: 'TEXT', says: 'Part of an identifier or of the name.' }, ...options },
    run: list,
  },
  {
    name: 'user remove',
    says: 'Removes a user; sessions and refresh grants end with it',
    options: {
      email: { value: 'EMAIL', says: 'The email address of the user.' },
      id: { value: 'ID', says: 'The id of the user.' },
      yes: yesOption,
      ...options,
    },
    run: remove,
  },
];
