import { ok } from '@corsac/outcome';
import { z } from 'zod';
import { apiPath } from '../api/address.js';
import { apiFor, placeOptions, textOf, trackOption, type Command } from './command.js';
import { table } from './table.js';

const seconds = z.number().optional();
const key = z.object({ kid: z.string(), alg: z.string(), state: z.string(), current_from: seconds, ends: seconds });
/** What reading the keys of a track answers. */
export const keysShape = z.object({ items: z.array(key) });
const rotated = z.object({ rotated: z.array(z.object({ alg: z.string(), kid: z.string() })) });

const options = { track: trackOption, ...placeOptions };
const dayOf = (at: number | undefined): string =>
  at === undefined ? '' : new Date(at * 1000).toISOString().slice(0, 10);

const list: Command['run'] = async (call) => {
  const api = await apiFor(call);
  if (!api.ok) return api;
  const keys = await api.value.call('GET', apiPath(api.value.tenant, textOf(call, 'track')!, 'keys'), keysShape);
  if (!keys.ok) return keys;
  const rows = keys.value.items.map(({ kid, alg, state, current_from, ends }) => [
    alg,
    state,
    kid,
    dayOf(current_from),
    dayOf(ends),
  ]);
  return ok({ lines: table(['alg', 'state', 'kid', 'signs from', 'ends'], rows), json: { keys: keys.value.items } });
};

const rotate: Command['run'] = async (call) => {
  const api = await apiFor(call);
  if (!api.ok) return api;
  const at_once = call.given.flags.has('at-once');
  const alg = textOf(call, 'alg');
  const body = { at_once, ...(alg !== undefined && { alg }) };
  const path = apiPath(api.value.tenant, textOf(call, 'track')!, 'keys', 'rotate');
  const made = await api.value.call('POST', path, rotated, { body });
  if (!made.ok) return made;
  const when = at_once ? 'signs now' : 'is published now and signs when everybody can know it';
  return ok({ lines: made.value.rotated.map((one) => `${one.alg} key ${one.kid} ${when}.`), json: made.value });
};

export const keyCommands: readonly Command[] = [
  { name: 'key list', says: 'Lists the signing keys of a track', options, run: list },
  {
    name: 'key rotate',
    says: 'Lets other keys sign for a track',
    options: {
      'at-once': {
        says: 'Now, for a key that somebody else may have. Else as soon as everybody can know the new one.',
      },
      alg: { value: 'ALG', says: 'Only the key of this algorithm, such as RS256.' },
      ...options,
    },
    run: rotate,
  },
];
