import { Badge, Group, Stack, Text, Title } from '@mantine/core';
import { pathOf } from '../api/control-api.js';
import { usePages } from '../api/queries.js';
import { usePlace } from '../frame/place.js';
import { Listing } from '../parts/listing.js';
import { timeOf } from '../parts/times.js';
import { stepTitle } from './journey.js';

interface Receipt {
  readonly receipt_id: string;
  readonly track: string;
  readonly party: string;
  readonly channel: string;
  readonly state: 'wanted' | 'told' | 'loaded' | 'timed_out' | 'failed' | 'dead';
  readonly attempts: number;
  readonly detail?: string;
  readonly updated: number;
}

interface LogoutJob {
  readonly job_id: string;
  readonly track: string;
  readonly cause: string;
  readonly created: number;
  readonly sessions: readonly { readonly track: string; readonly sid: string; readonly sub: string }[];
  readonly receipts: readonly Receipt[];
  readonly elsewhere?: number;
}

const channels: Readonly<Record<string, string>> = {
  front: 'in a frame',
  back: 'by a logout token',
  saml: 'by SAML in the browser',
  soap: 'by SAML over SOAP',
  none: 'cannot be told',
};

const colors = {
  wanted: 'gray',
  told: 'green',
  loaded: 'green',
  timed_out: 'red',
  failed: 'red',
  dead: 'red',
} as const;

const ReceiptLine = ({ receipt }: { receipt: Receipt }) => (
  <Group gap="xs">
    <Badge size="sm" variant="light" color={colors[receipt.state]} tt="none">
      {stepTitle(receipt.state)}
    </Badge>
    <Text size="sm">
      {receipt.track} / {receipt.party}, {channels[receipt.channel] ?? receipt.channel}
      {receipt.attempts > 1 ? `, ${receipt.attempts} attempts` : ''}, {timeOf(receipt.updated)}
      {receipt.detail === undefined ? '' : `: ${receipt.detail}`}
    </Text>
  </Group>
);

/** Ends of sessions, and who was told of them. */
export const Component = () => {
  const { track } = usePlace();
  const pages = usePages<LogoutJob>(pathOf(track, 'logout_jobs'), { limit: 25 });
  return (
    <Stack mt="md">
      <Title order={1} size="h3">
        Logouts
      </Title>
      <Listing pages={pages} label="Logouts" empty="No session has ended yet." keyOf={({ job_id }) => job_id}>
        {({ cause, created, sessions, receipts, elsewhere }) => (
          <div className="row">
            <span className="grow">
              {stepTitle(cause)}{' '}
              <span className="quiet">{[...new Set(sessions.map(({ sub }) => sub))].join(', ')}</span>
            </span>
            <span className="quiet">{timeOf(created)}</span>
            <Stack gap={4} className="wide">
              {receipts.length === 0 && (
                <Text size="sm" c="dimmed">
                  No application had to be told.
                </Text>
              )}
              {receipts.map((receipt) => (
                <ReceiptLine key={receipt.receipt_id} receipt={receipt} />
              ))}
              {elsewhere !== undefined && (
                <Text size="sm" c="dimmed">
                  {elsewhere} more in tracks whose log you may not read
                </Text>
              )}
            </Stack>
          </div>
        )}
      </Listing>
    </Stack>
  );
};
