import { ok, type Outcome } from '@corsac/outcome';
import { summaryOf } from '../files/print-plan.js';
import { nameUsers } from '../files/variables.js';
import type { Problem } from '../machine/problem.js';
import { apiFor, done, type Call, type Command, type Done } from './command.js';
import { confirm, yesOption } from './confirm.js';
import { bring, fileOptions, linesOf, readWanted } from './plan.js';

const apply = async (call: Call): Promise<Outcome<Done, Problem>> => {
  const wanted = await readWanted(call);
  if (!wanted.ok) return wanted;
  const api = await apiFor(call);
  if (!api.ok) return api;
  const planned = await bring(api.value, 'plan', wanted.value);
  if (!planned.ok) return planned;
  if (planned.value.length === 0 && !nameUsers(wanted.value.files))
    return done('Everything is as the files want it.', { changes: [] });
  call.say(linesOf(planned.value, wanted.value));
  const sure = await confirm(call, 'Apply this?');
  if (!sure.ok) return sure;
  const applied = await bring(api.value, 'apply', wanted.value);
  if (!applied.ok) return applied;
  return ok({ lines: [`Applied: ${summaryOf(applied.value, true)}`], json: { changes: applied.value } });
};

export const applyCommand: Command = {
  name: 'apply',
  says: 'Brings the tenant to what declarative files want, after showing what changes and asking',
  more: ['Variables that the files name as ${NAME} are taken from the environment; no other is sent.'],
  options: { ...fileOptions, yes: yesOption },
  run: apply,
};
