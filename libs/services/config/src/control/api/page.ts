import { z } from 'zod';

/** What every list takes. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Most items of a page.'),
  cursor: z.string().max(500).optional().describe('`next` of the page before.'),
});
export type PageQuery = z.output<typeof pageQuery>;

/** What a list answers, as a schema. */
export const pageShape = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().optional().describe('`cursor` of the next page.') });

export interface Page {
  readonly items: readonly object[];
  /** Left out on the last page. */
  readonly next?: string;
}

/**
 * A page of a list that is at hand, in the order of names; the cursor is the last name, so that what comes and goes between two
 * pages shifts nothing.
 */
export const pageOf = <Item>(
  items: readonly Item[],
  { limit, cursor }: PageQuery,
  nameOf: (item: Item) => string,
  show: (item: Item) => object,
): Page => {
  const inOrder = [...items].sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const from = cursor === undefined ? inOrder : inOrder.filter((item) => nameOf(item) > cursor);
  const page = from.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(show), ...(last && from.length > limit && { next: nameOf(last) }) };
};
