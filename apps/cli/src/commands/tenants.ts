import { masterName } from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { apiPath } from '../api/address.js';
import type { ControlApi } from '../api/control-api.js';
import { wrongUsage, type Problem } from '../machine/problem.js';
import { apiFor, done, placeOptions, textOf, type Call, type Command } from './command.js';
import { confirm, yesOption } from './confirm.js';
import { readPassword } from './password.js';
import { table } from './table.js';
import { onlyNew } from './tracks.js';

const tenant = z.object({ name: z.string(), display_name: z.string().optional() });

const options = { url: placeOptions.url };
const one = { name: 'TENANT', least: 1, most: 1 } as const;
const inMaster = 'Only administrators of the tenant master may.';
const path = (...name: readonly string[]): string => apiPath(masterName, masterName, 'tenants', ...name);

/** Tenants are administered in the tenant `master`, whatever tenant the environment names. */
const master = (call: Call): Promise<Outcome<ControlApi, Problem>> => apiFor(call, masterName);

const add: Command['run'] = async (call) => {
  const api = await master(call);
  if (!api.ok) return api;
  const [name = ''] = call.given.operands;
  if (!call.given.flags.has('password-stdin'))
    return wrongUsage('the first administrator needs a password', 'Add --password-stdin and pipe it in.');
  const password = await readPassword(call);
  if (!password.ok) return password;
  const display_name = textOf(call, 'display-name');
  const body = {
    name,
    ...(display_name !== undefined && { display_name }),
    administrator: { email: textOf(call, 'admin-email'), password: password.value },
  };
  const made = await api.value.call('PUT', path(name), tenant, { body, headers: onlyNew });
  return made.ok ? done(`Tenant ${name} is made.`, { tenant: name }) : made;
};

export const tenantCommands: readonly Command[] = [
  {
    name: 'tenant list',
    says: 'Lists the tenants of the installation',
    more: [inMaster],
    options,
    run: async (call) => {
      const api = await master(call);
      if (!api.ok) return api;
      const tenants = await api.value.all(path(), tenant);
      if (!tenants.ok) return tenants;
      const rows = tenants.value.map(({ name, display_name }) => [name, display_name ?? '']);
      return ok({ lines: table(['tenant', 'display name'], rows), json: { tenants: tenants.value } });
    },
  },
  {
    name: 'tenant add',
    says: 'Makes a tenant with its first administrator',
    more: [inMaster],
    options: {
      'admin-email': { value: 'EMAIL', required: true, says: 'Email address of the first administrator.' },
      'password-stdin': { says: 'Reads the password of the first administrator from standard input.' },
      'display-name': { value: 'TEXT', says: 'What people call the tenant.' },
      ...options,
    },
    operands: one,
    run: add,
  },
  {
    name: 'tenant remove',
    says: 'Removes a tenant with all its tracks',
    more: [inMaster],
    options: { yes: yesOption, ...options },
    operands: one,
    run: async (call) => {
      const api = await master(call);
      if (!api.ok) return api;
      const [name = ''] = call.given.operands;
      const sure = await confirm(call, `Remove tenant ${name} with all its tracks and users?`);
      if (!sure.ok) return sure;
      const removed = await api.value.call('DELETE', path(name), z.unknown());
      return removed.ok ? done(`Tenant ${name} is removed.`, { tenant: name }) : removed;
    },
  },
];
