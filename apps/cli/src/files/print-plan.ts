import { fieldName } from '@corsac/model';
import { z } from 'zod';

const change = z.object({
  action: z.enum(['create', 'update', 'delete']),
  kind: z.string(),
  track: z.string().optional(),
  name: z.string().optional(),
  fields: z
    .array(
      z.object({
        path: z.array(z.union([z.string(), z.number()])),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    )
    .optional(),
});
export type PlannedChange = z.output<typeof change>;

/** What planning and applying answer. */
export const planShape = z.object({ changes: z.array(change) });

const signs = { create: '+', update: '~', delete: '-' } as const;
const longest = 200;

const written = (value: unknown): string => {
  if (value === undefined) return '(none)';
  const text = JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
};

const targetOf = ({ kind, track, name }: PlannedChange): string => {
  const what = kind.replace('_', '-');
  if (name !== undefined) return `${what} ${name} of track ${track ?? ''}`;
  if (kind === 'settings') return `settings of track ${track ?? ''}`;
  return track === undefined ? what : `${what} ${track}`;
};

const count = (changes: readonly PlannedChange[], action: PlannedChange['action']): number =>
  changes.filter((one) => one.action === action).length;

/** How many things are made, changed and removed. */
export const summaryOf = (changes: readonly PlannedChange[], done: boolean): string => {
  const verbs = { create: 'created', update: 'updated', delete: 'deleted' };
  const parts = Object.entries(verbs).map(
    ([action, past]) => `${count(changes, action as PlannedChange['action'])} ${done ? past : `to ${action}`}`,
  );
  return `${parts.join(', ')}.`;
};

/** What would change, one thing a line, and below it the fields that differ. */
export const printPlan = (changes: readonly PlannedChange[]): string[] =>
  changes.flatMap((one) => [
    `${signs[one.action]} ${targetOf(one)}`,
    ...(one.fields ?? []).map(
      ({ path, before, after }) => `    ${fieldName(path)}: ${written(before)} -> ${written(after)}`,
    ),
  ]);
