import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useSearchParams } from 'react-router';
import { pathOf, queryOf } from '../api/control-api.js';
import { usePages, useReread } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { usePlace } from '../frame/place.js';
import { AskInPlace } from '../parts/ask-in-place.js';
import { Listing } from '../parts/listing.js';
import { timeOf } from '../parts/times.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';

interface Grant {
  readonly grant_id: string;
  readonly client_id: string;
  readonly sub: string;
  readonly scope: string;
  readonly created: number;
  readonly expires: number;
}

/** What was asked for and not left empty. */
const entered = (sub: string, client: string): Record<string, string> => ({
  ...(sub.trim() !== '' && { sub: sub.trim() }),
  ...(client.trim() !== '' && { client_id: client.trim() }),
});

const FilterForm = () => {
  const [query, setQuery] = useSearchParams();
  const [sub, setSub] = useState(query.get('sub') ?? '');
  const [client, setClient] = useState(query.get('client_id') ?? '');
  const find = (event: FormEvent): void => {
    event.preventDefault();
    setQuery(entered(sub, client));
  };
  return (
    <Group component="form" onSubmit={find} align="flex-end">
      <TextInput
        label="Subject"
        flex="1 1 12rem"
        maw={360}
        value={sub}
        onChange={(event) => setSub(event.currentTarget.value)}
      />
      <TextInput
        label="Client ID"
        flex="1 1 12rem"
        maw={240}
        value={client}
        onChange={(event) => setClient(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        Find grants
      </Button>
    </Group>
  );
};

const Grants = ({ filters }: { filters: { sub?: string; client_id?: string } }) => {
  const { api } = useAdministration();
  const { track } = usePlace();
  const mayEnd = useMay(track)('user', 'delete');
  const reread = useReread();
  const path = pathOf(track, 'grants');
  const pages = usePages<Grant>(path, filters);
  const ending = useDoing(
    (id: string | undefined) =>
      api.call('DELETE', id === undefined ? `${path}${queryOf(filters)}` : `${path}/${pathOf(id)}`, {}),
    () => reread(path),
  );
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <>
      <ProblemAlert error={ending.error} />
      <Listing
        pages={pages}
        label="Refresh grants"
        empty="There are no refresh grants here."
        keyOf={(each) => each.grant_id}
      >
        {(grant) => (
          <div className="row">
            <span className="grow">
              {grant.client_id} for {grant.sub}
              <Text size="sm" c="dimmed" component="span" display="block">
                {grant.scope} · since {timeOf(grant.created)}, ends {timeOf(grant.expires)}
              </Text>
            </span>
            <AskInPlace
              size="xs"
              action="End"
              name={`End grant of ${grant.client_id}`}
              question="Its refresh token is good no more."
              disabled={!mayEnd}
              onConfirm={() => ending.run(grant.grant_id)}
            />
          </div>
        )}
      </Listing>
      {isFiltered && pages.items.length > 1 && (
        <AskInPlace
          action="End all of these"
          question="End all grants that the filter finds?"
          disabled={!mayEnd}
          onConfirm={() => ending.run(undefined)}
        />
      )}
    </>
  );
};

export const Component = () => {
  const [query] = useSearchParams();
  const filters = entered(query.get('sub') ?? '', query.get('client_id') ?? '');
  return (
    <Stack mt="md">
      <Title order={1} size="h3">
        Refresh grants
      </Title>
      <FilterForm key={query.toString()} />
      <Grants filters={filters} />
    </Stack>
  );
};
