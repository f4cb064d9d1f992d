import { z } from 'zod';

/** Longest name of a tenant, a track or a party, in characters. */
export const maxNameLength = 50;

const namePattern = /^[a-z0-9_-]{1,50}$/;

/** First path segments that are not tenants, and words a track may not be called. `master` exists already in every place. */
export const reservedNames: readonly string[] = ['master', 'control', 'health', 'api', 'metrics', 'assets', 'account'];

/** The tenant that administers the installation, and in every tenant the track whose users administer it. */
export const masterName = 'master';

/** Tells whether a text can be the name of a tenant, a track or a party. Upper case is refused, never folded. */
export const isName = (text: string): boolean => namePattern.test(text);

/** Tells whether a name is taken by Corsac itself, so that nobody may create a tenant or a track with it. */
export const isReservedName = (name: string): boolean => reservedNames.includes(name);

/** Name of a tenant, a track or a party. The name of a party is its client id and its resource name. */
export const nameSchema = z
  .string()
  .regex(namePattern, 'must be 1 to 50 of the characters a-z, 0-9, _ and - (lower case)');

/** Name of a tenant or a track as it stands in a file: `master` is allowed because it exists, the other reserved words are not. */
export const realmNameSchema = nameSchema.refine((name) => name === masterName || !isReservedName(name), {
  message: `must not be a reserved word (${reservedNames.filter((name) => name !== masterName).join(', ')})`,
});
