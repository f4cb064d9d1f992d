import { Badge, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { pathOf } from '../api/control-api.js';
import { usePages } from '../api/queries.js';
import { usePlace } from '../frame/place.js';
import { ListHead } from '../parts/list-head.js';
import { Listing } from '../parts/listing.js';
import { timeOfMs } from '../parts/times.js';

interface Change {
  readonly target: string;
  readonly kind: 'created' | 'updated' | 'deleted';
  readonly fields: readonly { readonly field: string; readonly before?: unknown; readonly after?: unknown }[];
}

interface Entry {
  readonly id: string;
  readonly at_ms: number;
  readonly operation: string;
  readonly outcome: 'begun' | 'done' | 'refused' | 'failed';
  readonly detail?: string;
  readonly actor: { readonly sub: string; readonly client_id: string; readonly name?: string };
  readonly path: string;
  readonly changes: readonly Change[];
}

const colors = { begun: 'gray', done: 'green', refused: 'red', failed: 'red' } as const;

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value);

const ChangeLines = ({ change }: { change: Change }) => (
  <details className="wide">
    <summary>
      {change.target} {change.kind}, {change.fields.length} {change.fields.length === 1 ? 'field' : 'fields'}
    </summary>
    <dl className="differences">
      {change.fields.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{field === '' ? 'All of it' : field}</dt>
          <dd>
            <del>{shown(before)}</del> <ins>{shown(after)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  </details>
);

const EntryRow = ({ entry }: { entry: Entry }) => (
  <div className="row">
    <span className="grow">
      {entry.operation} <span className="quiet">by {entry.actor.name ?? entry.actor.sub}</span>
      {entry.detail !== undefined && (
        <Text size="sm" component="span" display="block">
          {entry.detail}
        </Text>
      )}
    </span>
    <span className="quiet">{timeOfMs(entry.at_ms)}</span>
    <Badge variant="light" color={colors[entry.outcome]} tt="none">
      {entry.outcome}
    </Badge>
    {entry.changes.map((change) => (
      <ChangeLines key={change.target} change={change} />
    ))}
  </div>
);

/** Who changed what. */
export const Component = () => {
  const { track } = usePlace();
  const [filter, setFilter] = useState('');
  const [sub] = useDebouncedValue(filter.trim(), 300);
  const pages = usePages<Entry>(pathOf(track, 'audit'), { sub });
  return (
    <Stack mt="md">
      <ListHead title="Audit" hint="Only what this subject did" value={filter} onChange={setFilter} />
      <Listing pages={pages} label="Audit" empty="Nothing was changed here." keyOf={({ id }) => id}>
        {(entry) => <EntryRow entry={entry} />}
      </Listing>
    </Stack>
  );
};
