import { Anchor, Paper, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { useDescription, useReread, useThing } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { bodySchema } from '../form/schema.js';
import { usePlace } from '../frame/place.js';
import { AskInPlace } from '../parts/ask-in-place.js';
import { Waiting } from '../parts/listing.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';
import { externalTitle, type ExternalUser } from './people.js';
import { RecordForm } from './record-form.js';

interface ActionsProps {
  readonly user: ExternalUser;
  readonly etag?: string;
  readonly path: string;
}

const ExternalActions = ({ user, etag, path }: ActionsProps) => {
  const { api } = useAdministration();
  const { track, base } = usePlace();
  const may = useMay(track)('user', 'delete');
  const navigate = useNavigate();
  const reread = useReread();
  const list = pathOf(track, 'external_users');
  const unlinking = useDoing(
    () => api.call('DELETE', `${path}/link`, {}),
    () => reread(list),
  );
  const removing = useDoing(
    () => api.call('DELETE', path, { etag }),
    async () => {
      await navigate(`/${base}/users/external`, { replace: true });
      await reread(list, path);
    },
  );
  return (
    <Paper withBorder p="md" component="section" aria-label="Unlink or delete">
      <Stack>
        <ProblemAlert error={unlinking.error ?? removing.error} />
        {user.link_claim_value !== undefined && (
          <AskInPlace
            action="Unlink"
            question="The next sign-in with the redemption value is linked anew."
            disabled={!may}
            isBusy={unlinking.isBusy}
            onConfirm={() => unlinking.run(undefined)}
          />
        )}
        <AskInPlace
          action="Delete"
          question={`Delete ${externalTitle(user)}?`}
          disabled={!may}
          isBusy={removing.isBusy}
          onConfirm={() => removing.run(undefined)}
        />
      </Stack>
    </Paper>
  );
};

const ExternalPage = ({ id }: { id?: string }) => {
  const { track, base } = usePlace();
  const may = useMay(track);
  const list = pathOf(track, 'external_users');
  const path = `${list}/${pathOf(id ?? '')}`;
  const user = useThing<ExternalUser>(path, id !== undefined);
  const description = useDescription();
  const schema = description.data && bodySchema(description.data, '/api/{tenant}/{track}/external_users', 'post');
  const error = user.error ?? description.error;
  if (error) return <ProblemAlert error={error} />;
  if (!description.data || !schema || (id !== undefined && !user.data)) return <Waiting />;
  const here = `/${base}/users/external`;
  return (
    <Stack mt="md">
      <div>
        <Anchor component={Link} to={here} size="sm">
          External users
        </Anchor>
        <Title order={1} size="h3">
          {user.data ? externalTitle(user.data.body) : 'New external user'}
        </Title>
        {user.data && (
          <Text size="sm" c="dimmed">
            {user.data.body.user_id}
          </Text>
        )}
      </div>
      <RecordForm
        {...{ schema, list, here }}
        described={description.data}
        seen={user.data}
        mayChange={may('user', id === undefined ? 'create' : 'update')}
        onReload={() => void user.refetch()}
      />
      {user.data && <ExternalActions user={user.data.body} etag={user.data.etag} path={path} />}
    </Stack>
  );
};

export const Component = () => {
  const { name, track } = useParams();
  return <ExternalPage key={`${track}/${name}`} id={name} />;
};
