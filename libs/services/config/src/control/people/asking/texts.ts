import { z } from 'zod';

/** A NUL, or half of a character that takes two: the database keeps neither. */
const unstorable = /[\0\p{Surrogate}]/u;

/** A text of a query. @param longest in characters */
export const queryText = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => !unstorable.test(text), { message: 'must not contain NUL' });

/** Where in a JSON value something stands that cannot be kept. */
export const unstorableIn = (value: unknown, path: readonly (string | number)[] = []): (string | number)[][] => {
  if (typeof value === 'string') return unstorable.test(value) ? [[...path]] : [];
  if (Array.isArray(value)) return value.flatMap((part, at) => unstorableIn(part, [...path, at]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, part]) =>
    unstorable.test(key) ? [[...path]] : unstorableIn(part, [...path, key]),
  );
};

/** Refuses texts in a body that the database does not keep. */
export const storable = <Schema extends z.ZodType>(schema: Schema) =>
  schema.superRefine((value, context) => {
    for (const path of unstorableIn(value))
      context.addIssue({ code: 'custom', path, message: 'must not contain NUL or half a character' });
  });

const userIds = /^[^\0]{1,100}$/;

/** Whether there can be a user of this id; of others nobody is asked. */
export const isUserId = (text: string): boolean => userIds.test(text);

/** Whether Corsac may have made this id of a session, a grant or a journey. */
export const isOpaqueId = (text: string): boolean => /^[A-Za-z0-9_.~-]{1,200}$/.test(text);

/** Cursor of a list of users. */
export const userCursor = z.string().regex(userIds, 'must be `next` of the page before').optional();
