import { Paper, Select, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { asList } from '../form/schema.js';
import { usePlace } from '../frame/place.js';
import { CopyLine } from '../parts/copy-line.js';
import { addressesOf } from './addresses.js';
import type { Party, Side } from './kinds.js';

/** Every allowed up-party: the user chooses. */
const every = '*';

const intros: Readonly<Record<Side, string>> = {
  up: 'What the other side has to be told of this up-party',
  down: 'What the application is configured with',
};

/** Addresses of a party, up to date while its name is typed and wherever the track is switched to. */
export const AddressPanel = ({ side, party }: { side: Side; party: Party }) => {
  const { tenant, track } = usePlace();
  const [bound, setBound] = useState<string>();
  const allowed = asList(party['allow_up_parties']).map(String);
  const by = bound !== undefined && [every, ...allowed].includes(bound) ? bound : (allowed[0] ?? every);
  const upParties = side === 'down' && allowed.length > 0 ? [by] : undefined;
  const addresses = addressesOf(side, party, { base: location.origin, tenant, track, upParties });
  if (addresses.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label="Addresses">
      <Stack gap="sm">
        <div>
          <Title order={2} size="h5">
            Addresses
          </Title>
          <Text size="sm" c="dimmed">
            {intros[side]}
          </Text>
        </div>
        {side === 'down' && allowed.length > 1 && (
          <Select
            label="Users sign in by"
            data={[
              ...allowed.map((name) => ({ value: name, label: name })),
              { value: every, label: 'any allowed (*)' },
            ]}
            value={by}
            allowDeselect={false}
            maw={320}
            onChange={(chosen) => setBound(chosen ?? undefined)}
          />
        )}
        <div aria-live="polite">
          {addresses.map(([label, value]) => (
            <CopyLine key={label} label={label} value={value} />
          ))}
        </div>
      </Stack>
    </Paper>
  );
};
