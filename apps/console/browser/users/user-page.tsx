import { Anchor, Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link, useNavigate, useParams } from 'react-router';
import { pathOf, queryOf } from '../api/control-api.js';
import { useDescription, useReread, useThing } from '../api/queries.js';
import { SecretField } from '../form/field.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { bodySchema } from '../form/schema.js';
import { usePlace } from '../frame/place.js';
import { AskInPlace } from '../parts/ask-in-place.js';
import { Waiting } from '../parts/listing.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';
import { userTitle, type User } from './people.js';
import { RecordForm } from './record-form.js';

const special = { password: SecretField };

interface ActionsProps {
  readonly user: User;
  readonly etag?: string;
  readonly path: string;
}

const useUserActions = ({ path, etag }: ActionsProps) => {
  const { api } = useAdministration();
  const { track, base } = usePlace();
  const navigate = useNavigate();
  const reread = useReread();
  const list = pathOf(track, 'users');
  const resetting = useDoing(
    () => api.call('DELETE', `${path}/second_factor`, {}),
    () => reread(list),
  );
  const removing = useDoing(
    () => api.call('DELETE', path, { etag }),
    async () => {
      await navigate(`/${base}/users/users`, { replace: true });
      await reread(list, path);
    },
  );
  return { resetting, removing };
};

const UserActions = (props: ActionsProps) => {
  const { user } = props;
  const { track, base } = usePlace();
  const may = useMay(track);
  const { resetting, removing } = useUserActions(props);
  return (
    <Paper withBorder p="md" component="section" aria-label="More about this user">
      <Stack>
        <Group>
          <Anchor component={Link} to={`/${base}/users/sessions${queryOf({ sub: user.user_id })}`}>
            Sessions
          </Anchor>
          <Anchor component={Link} to={`/${base}/users/grants${queryOf({ sub: user.user_id })}`}>
            Refresh grants
          </Anchor>
        </Group>
        <ProblemAlert error={resetting.error ?? removing.error} />
        {user.has_second_factor && (
          <AskInPlace
            action="Reset second factor"
            question="The user sets up a new one when one is asked for."
            disabled={!may('user', 'delete')}
            isBusy={resetting.isBusy}
            onConfirm={() => resetting.run(undefined)}
          />
        )}
        <AskInPlace
          action="Delete"
          question={`Delete ${userTitle(user)}, with sessions and refresh grants?`}
          disabled={!may('user', 'delete')}
          isBusy={removing.isBusy}
          onConfirm={() => removing.run(undefined)}
        />
      </Stack>
    </Paper>
  );
};

const UserPage = ({ id }: { id?: string }) => {
  const { track, base } = usePlace();
  const may = useMay(track);
  const list = pathOf(track, 'users');
  const path = `${list}/${pathOf(id ?? '')}`;
  const user = useThing<User>(path, id !== undefined);
  const description = useDescription();
  const schema = description.data && bodySchema(description.data, '/api/{tenant}/{track}/users', 'post');
  const error = user.error ?? description.error;
  if (error) return <ProblemAlert error={error} />;
  if (!description.data || !schema || (id !== undefined && !user.data)) return <Waiting />;
  const here = `/${base}/users/users`;
  return (
    <Stack mt="md">
      <div>
        <Anchor component={Link} to={here} size="sm">
          Users
        </Anchor>
        <Group gap="sm">
          <Title order={1} size="h3">
            {user.data ? userTitle(user.data.body) : 'New user'}
          </Title>
          {user.data?.body.disabled && (
            <Badge color="red" variant="light" tt="none">
              Disabled
            </Badge>
          )}
        </Group>
        {user.data && (
          <Text size="sm" c="dimmed">
            sub {user.data.body.user_id}
          </Text>
        )}
      </div>
      <RecordForm
        {...{ schema, list, here, special }}
        described={description.data}
        seen={user.data}
        mayChange={may('user', id === undefined ? 'create' : 'update')}
        onReload={() => void user.refetch()}
      />
      {user.data && <UserActions user={user.data.body} etag={user.data.etag} path={path} />}
    </Stack>
  );
};

export const Component = () => {
  const { name, track } = useParams();
  return <UserPage key={`${track}/${name}`} id={name} />;
};
