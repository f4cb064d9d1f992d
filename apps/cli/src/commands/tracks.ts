import { ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { apiPath } from '../api/address.js';
import type { ControlApi } from '../api/control-api.js';
import type { Problem } from '../machine/problem.js';
import { apiFor, done, placeOptions, textOf, type Command } from './command.js';
import { confirm, yesOption } from './confirm.js';
import { table } from './table.js';

const track = z.object({ name: z.string(), display_name: z.string().optional() });
const page = z.object({ tracks: z.object({ items: z.array(track), next: z.string().optional() }) });

/** The tracks of the tenant of which the caller may read something. */
export const listTracks = (api: ControlApi): Promise<Outcome<z.output<typeof track>[], Problem>> =>
  api.pages(apiPath(api.tenant), page, ({ tracks }) => tracks);

/** Asks that nothing of the name is there. RFC 9110 13.1.2. */
export const onlyNew = { 'if-none-match': '*' };

const one = { name: 'TRACK', least: 1, most: 1 } as const;

export const trackCommands: readonly Command[] = [
  {
    name: 'track list',
    says: 'Lists the tracks of the tenant',
    options: placeOptions,
    run: async (call) => {
      const api = await apiFor(call);
      if (!api.ok) return api;
      const tracks = await listTracks(api.value);
      if (!tracks.ok) return tracks;
      const rows = tracks.value.map(({ name, display_name }) => [name, display_name ?? '']);
      return ok({ lines: table(['track', 'display name'], rows), json: { tracks: tracks.value } });
    },
  },
  {
    name: 'track add',
    says: 'Makes a track; it begins with the up-party login',
    options: { 'display-name': { value: 'TEXT', says: 'What people call it.' }, ...placeOptions },
    operands: one,
    run: async (call) => {
      const api = await apiFor(call);
      if (!api.ok) return api;
      const [name = ''] = call.given.operands;
      const display_name = textOf(call, 'display-name');
      const asked = { body: { name, ...(display_name !== undefined && { display_name }) }, headers: onlyNew };
      const made = await api.value.call('PUT', apiPath(api.value.tenant, name), z.unknown(), asked);
      return made.ok ? done(`Track ${name} is made.`, { track: name }) : made;
    },
  },
  {
    name: 'track remove',
    says: 'Removes a track with all that it holds: parties, users, keys, sessions',
    options: { yes: yesOption, ...placeOptions },
    operands: one,
    run: async (call) => {
      const api = await apiFor(call);
      if (!api.ok) return api;
      const [name = ''] = call.given.operands;
      const sure = await confirm(call, `Remove track ${name} of tenant ${api.value.tenant} with its users and keys?`);
      if (!sure.ok) return sure;
      const removed = await api.value.call('DELETE', apiPath(api.value.tenant, name), z.unknown());
      return removed.ok ? done(`Track ${name} is removed.`, { track: name }) : removed;
    },
  },
];
