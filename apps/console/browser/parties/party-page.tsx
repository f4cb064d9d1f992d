import { Anchor, Badge, Group, Stack, Title } from '@mantine/core';
import { Link, Navigate, useParams } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { useDescription, useThing } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { usePlace } from '../frame/place.js';
import { Waiting } from '../parts/listing.js';
import { useMay } from '../sign-in/administrator.js';
import { EditParty } from './edit-party.js';
import { isSide, kindOf, sides, type Party, type Side } from './kinds.js';
import { MoveParty } from './move-party.js';
import { SecretPanel } from './secret-panel.js';

const PartyPage = ({ side, name }: { side: Side; name: string }) => {
  const { track, base } = usePlace();
  const may = useMay(track);
  const path = pathOf(track, sides[side].list, name);
  const party = useThing<Party>(path);
  const description = useDescription();
  const error = party.error ?? description.error;
  if (error) return <ProblemAlert error={error} />;
  if (!party.data || !description.data) return <Waiting />;
  const { body } = party.data;
  const kind = kindOf(side, body.type);
  if (!kind) return <ProblemAlert error={new Error(`The console knows no party of type ${body.type}.`)} />;
  const hasSecrets = side === 'down' && (body.type === 'oidc' || body.type === 'oauth2');
  return (
    <Stack mt="md">
      <div>
        <Anchor component={Link} to={`/${base}/parties/${side}`} size="sm">
          {sides[side].title}
        </Anchor>
        <Group gap="sm">
          <Title order={1} size="h3">
            {body.display_name ?? name}
          </Title>
          {body.display_name !== undefined && <span className="quiet">{name}</span>}
          <Badge variant="light" color="gray" tt="none">
            {kind.title}
          </Badge>
        </Group>
      </div>
      <EditParty
        described={description.data}
        side={side}
        kind={kind}
        path={path}
        seen={party.data}
        onReload={() => void party.refetch()}
        mayChange={may('party', 'update')}
      />
      {hasSecrets && <SecretPanel path={path} name={name} />}
      <MoveParty side={side} path={path} name={name} etag={party.data.etag} />
    </Stack>
  );
};

export const Component = () => {
  const { kind: side, name = '', track = '' } = useParams();
  return isSide(side) ? (
    <PartyPage key={`${track}/${side}/${name}`} side={side} name={name} />
  ) : (
    <Navigate to=".." replace />
  );
};
