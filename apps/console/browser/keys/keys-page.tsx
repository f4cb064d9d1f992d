import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { pathOf } from '../api/control-api.js';
import { usePages, useReread } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { usePlace } from '../frame/place.js';
import { AskInPlace } from '../parts/ask-in-place.js';
import { CopyLine } from '../parts/copy-line.js';
import { Listing } from '../parts/listing.js';
import { timeOf } from '../parts/times.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';
import { pemOf } from './pem.js';

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly state: 'next' | 'current' | 'previous' | 'retired';
  readonly certificate?: string;
  readonly created: number;
  readonly current_from?: number;
  readonly ends?: number;
}

const states: Readonly<Record<Key['state'], { color: string; told: string }>> = {
  current: { color: 'blue', told: 'Signs' },
  next: { color: 'gray', told: 'Signs next' },
  previous: { color: 'gray', told: 'Still published' },
  retired: { color: 'gray', told: 'Retired' },
};

const timesOf = ({ created, current_from, ends, state }: Key): string =>
  [
    `Made ${timeOf(created)}`,
    current_from === undefined ? '' : `${state === 'next' ? 'signs from' : 'signed from'} ${timeOf(current_from)}`,
    ends === undefined ? '' : `published until ${timeOf(ends)}`,
  ]
    .filter(Boolean)
    .join(' · ');

const KeyRow = ({ item }: { item: Key }) => (
  <div className="row">
    <span className="grow">
      {item.alg} <code className="code">{item.kid}</code>
      <Text size="sm" c="dimmed" component="span" display="block">
        {timesOf(item)}
      </Text>
    </span>
    <Badge variant="light" color={states[item.state].color} tt="none">
      {states[item.state].told}
    </Badge>
    {item.certificate !== undefined && item.state !== 'retired' && (
      <details className="wide">
        <summary>Certificate for SAML</summary>
        <CopyLine label={`Certificate ${item.kid.slice(0, 8)}`} value={pemOf(item.certificate)} />
      </details>
    )}
  </div>
);

const Rotation = ({ path }: { path: string }) => {
  const { api } = useAdministration();
  const { track } = usePlace();
  const may = useMay(track)('party', 'create');
  const reread = useReread();
  const rotating = useDoing(
    (at_once: boolean) => api.call('POST', `${path}/rotate`, { body: { at_once } }),
    () => reread(path),
  );
  return (
    <Paper withBorder p="md" component="section" aria-label="Rotation">
      <Stack>
        <Title order={2} size="h5">
          Rotation
        </Title>
        <Text size="sm">
          Keys rotate by themselves. Rotated here, another key is published now and signs after the time that
          applications need to learn of it. Rotated at once, it signs now: applications that keep the key set must read
          it again.
        </Text>
        <ProblemAlert error={rotating.error} />
        <Group>
          <AskInPlace
            action="Rotate"
            question="Publish another key now?"
            disabled={!may}
            isBusy={rotating.isBusy}
            onConfirm={() => rotating.run(false)}
          />
          <AskInPlace
            action="Rotate at once"
            question="Sign with another key from now on?"
            disabled={!may}
            isBusy={rotating.isBusy}
            onConfirm={() => rotating.run(true)}
          />
        </Group>
      </Stack>
    </Paper>
  );
};

/** The keys that sign what the track issues. */
export const Component = () => {
  const { track } = usePlace();
  const path = pathOf(track, 'keys');
  const pages = usePages<Key>(path);
  return (
    <Stack>
      <Title order={1} size="h3">
        Keys
      </Title>
      <Listing pages={pages} label="Keys" empty="The track has no keys yet." keyOf={({ kid }) => kid}>
        {(item) => <KeyRow item={item} />}
      </Listing>
      <Rotation path={path} />
    </Stack>
  );
};
