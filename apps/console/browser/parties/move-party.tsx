import { Button, Group, Paper, Stack, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { asProblem, errorAt } from '../api/problem.js';
import { useReread } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { usePlace } from '../frame/place.js';
import { AskInPlace } from '../parts/ask-in-place.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';
import { sides, type Side } from './kinds.js';

interface MovePartyProps {
  readonly side: Side;
  readonly path: string;
  readonly name: string;
  readonly etag?: string;
}

const useMoves = ({ side, path, etag }: MovePartyProps) => {
  const { api } = useAdministration();
  const { track, base } = usePlace();
  const navigate = useNavigate();
  const reread = useReread();
  const list = `/${base}/parties/${side}`;
  const rereadAll = (): Promise<unknown> =>
    Promise.all([reread(pathOf(track, 'up_parties'), path), reread(pathOf(track, 'down_parties'), path)]);
  const renaming = useDoing(
    async (to: string) => {
      await api.call('POST', `${path}/rename`, { body: { name: to }, etag });
      return to;
    },
    async (to) => {
      // Its old address leads nowhere any more, so the page moves before anything is read again.
      await navigate(`${list}/${pathOf(to)}`, { replace: true });
      await rereadAll();
    },
  );
  const removing = useDoing(
    () => api.call('DELETE', path, { etag }),
    async () => {
      await navigate(list, { replace: true });
      await rereadAll();
    },
  );
  return { renaming, removing };
};

/** A party gets another name, or goes. */
export const MoveParty = (props: MovePartyProps) => {
  const { side, name } = props;
  const { track } = usePlace();
  const may = useMay(track);
  const [to, setTo] = useState('');
  const { renaming, removing } = useMoves(props);
  const errors = renaming.error ? asProblem(renaming.error).errors : [];
  const rename = (event: FormEvent): void => {
    event.preventDefault();
    renaming.run(to.trim().toLowerCase());
  };
  return (
    <Paper withBorder p="md" component="section" aria-label="Rename or delete">
      <Stack>
        <Title order={2} size="h5">
          Rename or delete
        </Title>
        <Group component="form" onSubmit={rename} align="flex-end">
          <TextInput
            label="New name"
            description={`Its addresses${side === 'down' ? ' and the client ID' : ''} change; references within the track follow`}
            flex="1 1 16rem"
            maw={420}
            value={to}
            disabled={!may('party', 'create')}
            error={errorAt(errors, 'name')}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            loading={renaming.isBusy}
            disabled={to.trim() === '' || to.trim() === name}
          >
            Rename
          </Button>
        </Group>
        <ProblemAlert error={renaming.error ?? removing.error} />
        <AskInPlace
          action="Delete"
          question={`Delete the ${sides[side].word} ${name}?`}
          disabled={!may('party', 'delete')}
          isBusy={removing.isBusy}
          onConfirm={() => removing.run(undefined)}
        />
      </Stack>
    </Paper>
  );
};
