import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { usePages, useReread } from '../api/queries.js';
import { usePlace } from '../frame/place.js';
import { Listing } from '../parts/listing.js';
import { timeOfMs } from '../parts/times.js';
import { lanesOf, refusalOf, type Journey } from './journey.js';

const outcomes = {
  done: { color: 'green', told: 'Done' },
  running: { color: 'gray', told: 'Under way' },
  failed: { color: 'red', told: 'Failed' },
} as const;

/** How a journey ended. */
export const Outcome = ({ outcome }: Pick<Journey, 'outcome'>) => (
  <Badge variant="light" color={outcomes[outcome].color} tt="none">
    {outcomes[outcome].told}
  </Badge>
);

/** Logins and logouts that touched the track. */
export const Component = () => {
  const { track, base } = usePlace();
  const reread = useReread();
  const path = pathOf(track, 'journeys');
  const pages = usePages<Journey>(path, { limit: 25 });
  return (
    <Stack mt="md">
      <Group justify="space-between">
        <Title order={1} size="h3">
          Journeys
        </Title>
        <Button variant="default" size="xs" onClick={() => void reread(path)}>
          Read again
        </Button>
      </Group>
      <Listing
        pages={pages}
        label="Journeys"
        empty="Nobody has signed in or out yet."
        keyOf={(each) => each.sequence_id}
      >
        {(journey) => (
          <Link className="row" to={`/${base}/logs/journeys/${pathOf(journey.sequence_id)}`}>
            <span className="grow">
              {journey.kind === 'login' ? 'Login' : 'Logout'}{' '}
              <span className="quiet">{lanesOf(journey.events).join(' → ')}</span>
              {refusalOf(journey) !== undefined && (
                <Text size="sm" component="span" display="block">
                  {refusalOf(journey)}
                </Text>
              )}
            </span>
            <span className="quiet">{timeOfMs(journey.started_ms)}</span>
            <Outcome outcome={journey.outcome} />
          </Link>
        )}
      </Listing>
    </Stack>
  );
};
