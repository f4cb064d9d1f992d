import { Anchor, Badge, Group, Stack, Text, Title } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { useThing } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { usePlace } from '../frame/place.js';
import { Waiting } from '../parts/listing.js';
import { passed, timeOfMs } from '../parts/times.js';
import { Outcome } from './journey-list.js';
import { hopsOf, laneOf, lanesOf, stepTitle, type Hop, type Journey, type TransformTrace } from './journey.js';

const Claims = ({ label, claims }: { label: string; claims: readonly string[] }) =>
  claims.length === 0 ? null : (
    <Text size="xs">
      <strong>{label}</strong> {claims.join(', ')}
    </Text>
  );

const Trace = ({ trace }: { trace: readonly TransformTrace[] }) => (
  <details>
    <summary>Claim transforms</summary>
    <ol className="trace">
      {trace.map((step, at) => (
        <li key={at}>
          {step.rule} ({step.type}, {step.action}): {step.claim_out}, {step.values_before} → {step.values_after} values
          {step.changed ? '' : ', unchanged'}
        </li>
      ))}
    </ol>
  </details>
);

/** A step in the lane where it happened. */
const HopBox = ({ hop, number }: { hop: Hop; number: number }) => {
  const { event, since, lane, added, removed } = hop;
  const { claims_before: before, claims_after: after, trace, detail, outcome } = event;
  return (
    <li className={`hop lane-${Math.min(lane, 7)} ${outcome}`} style={{ gridRow: number }}>
      <Group gap="xs" justify="space-between">
        <Text size="sm" fw={600}>
          {number}. {stepTitle(event.kind)}
        </Text>
        <Text size="xs" c="dimmed">
          {passed(since)}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {laneOf(event)}
      </Text>
      {outcome !== 'ok' && (
        <Badge size="sm" variant="light" color={outcome === 'refused' ? 'red' : 'gray'} tt="none">
          {outcome === 'refused' ? 'Refused' : 'Waits'}
        </Badge>
      )}
      {detail !== undefined && <Text size="sm">{detail}</Text>}
      {(before || after) && (
        <details>
          <summary>
            Claims: {before?.length ?? 0} before, {after?.length ?? 0} after
          </summary>
          <Claims label="Before:" claims={before ?? []} />
          <Claims label="After:" claims={after ?? []} />
          <Claims label="Came in:" claims={added} />
          <Claims label="Went:" claims={removed} />
        </details>
      )}
      {trace && trace.length > 0 && <Trace trace={trace} />}
    </li>
  );
};

const JourneyPicture = ({ journey }: { journey: Journey }) => {
  const lanes = lanesOf(journey.events);
  return (
    <div className={`journey lanes-${Math.min(lanes.length, 8)}`}>
      <ol className="lanes" aria-label="Lanes">
        {lanes.slice(0, 8).map((lane, at) => (
          <li key={lane} className={`lane-${at}`}>
            {lane}
          </li>
        ))}
      </ol>
      <ol className="hops" aria-label="Steps">
        {hopsOf(journey.events).map((hop, at) => (
          <HopBox key={at} hop={hop} number={at + 1} />
        ))}
      </ol>
    </div>
  );
};

/** One login or logout: a lane for each track and party, every step in the order of time. */
export const Component = () => {
  const { track, base } = usePlace();
  const { name = '' } = useParams();
  const journey = useThing<Journey>(pathOf(track, 'journeys', name));
  if (journey.error) return <ProblemAlert error={journey.error} />;
  if (!journey.data) return <Waiting />;
  const { body } = journey.data;
  return (
    <Stack mt="md">
      <div>
        <Anchor component={Link} to={`/${base}/logs/journeys`} size="sm">
          Journeys
        </Anchor>
        <Group gap="sm">
          <Title order={1} size="h3">
            {body.kind === 'login' ? 'Login' : 'Logout'}
          </Title>
          <Outcome outcome={body.outcome} />
        </Group>
        <Text size="sm" c="dimmed">
          {timeOfMs(body.started_ms)}
          {body.ended_ms === undefined ? '' : `, ${passed(body.ended_ms - body.started_ms).slice(1)} in all`}
        </Text>
      </div>
      <JourneyPicture journey={body} />
      {body.elsewhere !== undefined && (
        <Text size="sm" c="dimmed">
          {body.elsewhere} further steps are in tracks whose log you may not read.
        </Text>
      )}
    </Stack>
  );
};
