import { useInfiniteQuery, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useAdministration } from '../sign-in/administrator.js';
import { queryOf, type Page, type Tagged } from './control-api.js';
import { ApiProblem } from './problem.js';
import type { Described } from '../form/schema.js';

/** One thing at an address below the tenant's. */
export const useThing = <T>(path: string, enabled = true): UseQueryResult<Tagged<T>> => {
  const { tenant, api } = useAdministration();
  return useQuery({ queryKey: [tenant, path], queryFn: () => api.get<T>(path), enabled });
};

export interface Pages<Item> {
  readonly items: readonly Item[];
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly more: () => void;
}

/** A list, page by page. */
export const usePages = <Item>(
  path: string,
  filters: Readonly<Record<string, string | number | undefined>> = {},
  /** Where in the answer the page is. */
  pageIn: (body: unknown) => Page<Item> = (body) => body as Page<Item>,
  enabled = true,
): Pages<Item> => {
  const { tenant, api } = useAdministration();
  const listed = useInfiniteQuery({
    queryKey: [tenant, path, filters],
    queryFn: ({ pageParam }) => api.get<unknown>(`${path}${queryOf({ ...filters, cursor: pageParam })}`),
    enabled,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ body }) => pageIn(body).next,
  });
  return {
    items: listed.data?.pages.flatMap(({ body }) => pageIn(body).items) ?? [],
    isPending: listed.isPending,
    error: listed.error,
    hasMore: listed.hasNextPage,
    isLoadingMore: listed.isFetchingNextPage,
    more: () => void listed.fetchNextPage(),
  };
};

/** Makes everything that begins with a path be read again, but what is gone: its page may still be there for a moment. */
export const useReread = (): ((path: string, gone?: string) => Promise<void>) => {
  const { tenant } = useAdministration();
  const client = useQueryClient();
  return useCallback(
    (path, gone) =>
      client.invalidateQueries({
        predicate: ({ queryKey: [of, at] }) =>
          of === tenant &&
          typeof at === 'string' &&
          at.startsWith(path) &&
          !(gone !== undefined && at.startsWith(gone)),
      }),
    [client, tenant],
  );
};

/** The API's description of itself: forms are made of the schemas in it. */
export const useDescription = (): UseQueryResult<Described> =>
  useQuery({
    queryKey: ['description'],
    staleTime: Infinity,
    queryFn: async () => {
      const response = await fetch('/api/openapi.json');
      if (!response.ok) throw new ApiProblem(response.status, 'The API does not describe itself just now.');
      return (await response.json()) as Described;
    },
  });
