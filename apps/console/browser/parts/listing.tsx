import { Button, Center, Loader, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Pages } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';

export const Waiting = () => (
  <Center p="xl">
    <Loader size="sm" aria-label="Loading" />
  </Center>
);

interface ListingProps<Item> {
  readonly pages: Pages<Item>;
  readonly label: string;
  /** What is said when there is nothing. */
  readonly empty: string;
  readonly keyOf: (item: Item) => string;
  readonly children: (item: Item) => ReactNode;
}

/** A list with its pages, its emptiness and its problems. */
export const Listing = <Item,>({ pages, label, empty, keyOf, children }: ListingProps<Item>) => {
  if (pages.isPending) return <Waiting />;
  if (pages.error) return <ProblemAlert error={pages.error} />;
  if (pages.items.length === 0) return <Text c="dimmed">{empty}</Text>;
  return (
    <Stack gap="sm">
      <ul className="rows" aria-label={label}>
        {pages.items.map((item) => (
          <li key={keyOf(item)}>{children(item)}</li>
        ))}
      </ul>
      {pages.hasMore && (
        <Button variant="default" w="fit-content" loading={pages.isLoadingMore} onClick={pages.more}>
          Show more
        </Button>
      )}
    </Stack>
  );
};
