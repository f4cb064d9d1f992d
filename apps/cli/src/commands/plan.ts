import type { DeclarativeFile } from '@corsac/model';
import { ok, type Outcome } from '@corsac/outcome';
import { apiPath } from '../api/address.js';
import type { ControlApi } from '../api/control-api.js';
import { planShape, printPlan, summaryOf, type PlannedChange } from '../files/print-plan.js';
import { readFiles } from '../files/read-files.js';
import { nameUsers, variablesFor } from '../files/variables.js';
import type { Problem } from '../machine/problem.js';
import { apiFor, placeOptions, textsOf, type Call, type Command, type Done } from './command.js';

/** Milliseconds: thousands of tracks take their time. */
const patience_ms = 300_000;

export const fileOptions = {
  file: {
    value: 'PATH',
    short: 'f',
    multiple: true,
    required: true,
    says: 'A declarative file, or a folder with .yaml, .yml and .json files. May be repeated.',
  },
  prune: { says: 'Removes tracks of the tenant, and parties of these tracks, that no file has.' },
  ...placeOptions,
} as const satisfies Command['options'];

/** What is sent to plan and to apply. */
export interface Wanted {
  readonly files: readonly DeclarativeFile[];
  readonly variables: Readonly<Record<string, string>>;
  readonly prune: boolean;
}

export const readWanted = async (call: Call): Promise<Outcome<Wanted, Problem>> => {
  const files = await readFiles(textsOf(call, 'file'));
  if (!files.ok) return files;
  const variables = variablesFor(files.value, call.machine.env);
  if (!variables.ok) return variables;
  return ok({ files: files.value, variables: variables.value, prune: call.given.flags.has('prune') });
};

export const bring = async (
  api: ControlApi,
  what: 'plan' | 'apply',
  body: Wanted,
): Promise<Outcome<PlannedChange[], Problem>> => {
  const answered = await api.call('POST', apiPath(api.tenant, 'master', what), planShape, { body, patience_ms });
  return answered.ok ? ok(answered.value.changes) : answered;
};

/** A plan as people read it; users are no part of it and are told of by themselves. */
export const linesOf = (changes: readonly PlannedChange[], { files }: Wanted): string[] => [
  ...(changes.length === 0 ? ['Nothing would change.'] : [...printPlan(changes), '', summaryOf(changes, false)]),
  ...(nameUsers(files) ? ['The files bring users: a plan does not show which of them are new or changed.'] : []),
];

const plan = async (call: Call): Promise<Outcome<Done, Problem>> => {
  const wanted = await readWanted(call);
  if (!wanted.ok) return wanted;
  const api = await apiFor(call);
  if (!api.ok) return api;
  const changes = await bring(api.value, 'plan', wanted.value);
  if (!changes.ok) return changes;
  const exit = call.given.flags.has('exit-code') && changes.value.length > 0 ? 3 : 0;
  return ok({ lines: linesOf(changes.value, wanted.value), json: { changes: changes.value }, exit });
};

export const planCommand: Command = {
  name: 'plan',
  says: 'Tells what declarative files would change, and changes nothing',
  more: ['Variables that the files name as ${NAME} are taken from the environment; no other is sent.'],
  options: { ...fileOptions, 'exit-code': { says: 'Ends with 3 when something would change.' } },
  run: plan,
};
