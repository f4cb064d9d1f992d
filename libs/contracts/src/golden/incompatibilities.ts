import type { ContractDescription } from './describe-contract.js';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const requiredOf = (schema: Json): string[] =>
  Array.isArray(schema['required']) ? schema['required'].map(String) : [];
const same = (before: unknown, after: unknown): boolean => JSON.stringify(before) === JSON.stringify(after);

/** Optional fields may come; nothing may go, change, or become required. */
function propertyChanges(before: Json, after: Json, path: string): string[] {
  const [old, now] = [before['properties'], after['properties']];
  if (!isObject(old) || !isObject(now)) return same(old, now) ? [] : [`${path}: is an object no more, or not yet`];
  const kept = Object.keys(old).flatMap((name) =>
    name in now ? schemaChanges(old[name], now[name], `${path}.${name}`) : [`${path}.${name}: is gone`],
  );
  const wasRequired = new Set(requiredOf(before));
  const isRequired = new Set(requiredOf(after));
  const turned = Object.keys(now).flatMap((name) => {
    if (wasRequired.has(name) === isRequired.has(name)) return [];
    return [`${path}.${name}: ${isRequired.has(name) ? 'is required now' : 'is optional now'}`];
  });
  return [...kept, ...turned];
}

function listChanges(before: readonly unknown[], after: readonly unknown[], path: string): string[] {
  if (before.length !== after.length) return [`${path}: has ${after.length} parts, not ${before.length}`];
  return before.flatMap((part, index) => schemaChanges(part, after[index], `${path}[${index}]`));
}

/**
 * What makes two JSON Schemas differ in more than added optional fields. Stricter than need be for either side alone:
 * old and new replicas run side by side during an update, so both must understand both.
 */
export function schemaChanges(before: unknown, after: unknown, path: string): string[] {
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, path);
  if (!isObject(before) || !isObject(after))
    return same(before, after) ? [] : [`${path}: is ${JSON.stringify(after)}, not ${JSON.stringify(before)}`];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  // Words for people say nothing to a machine.
  keys.delete('description');
  return [...keys].flatMap((key) => {
    if (key === 'properties') return propertyChanges(before, after, path);
    if (key === 'required') return [];
    return schemaChanges(before[key], after[key], `${path}/${key}`);
  });
}

/** What of a contract changed in a way that needs a new version of its subject. Refusals may be added. */
export function incompatibilities(before: ContractDescription, after: ContractDescription): string[] {
  const fixed = (['kind', 'owner', 'delivery'] as const).flatMap((part) =>
    before[part] === after[part] ? [] : [`${part}: is ${String(after[part])}, not ${String(before[part])}`],
  );
  const gone = (before.refusals ?? []).filter((refusal) => !after.refusals?.includes(refusal));
  return [
    ...fixed,
    ...gone.map((refusal) => `refusal ${refusal}: is gone`),
    ...Object.keys({ ...before.messages, ...after.messages }).flatMap((role) =>
      schemaChanges(before.messages[role], after.messages[role], role),
    ),
  ];
}
