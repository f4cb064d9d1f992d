import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
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

interface Secret {
  readonly id: string;
  /** Its first characters; empty of a short one. */
  readonly info: string;
  readonly created_at?: number;
  /** Only in the answer to its making. */
  readonly secret?: string;
}

const titleOf = ({ info }: Secret): string => (info === '' ? 'Secret' : `${info}…`);

const MadeSecret = ({ secret, onSeen }: { secret: string; onSeen: () => void }) => (
  <Alert color="blue" title="Copy the new secret now: it is not shown again">
    <Stack gap="sm">
      <CopyLine label="Client secret" value={secret} />
      <Button size="xs" variant="default" w="fit-content" onClick={onSeen}>
        I have it
      </Button>
    </Stack>
  </Alert>
);

const useSecrets = (path: string) => {
  const { api } = useAdministration();
  const reread = useReread();
  const [made, setMade] = useState<string>();
  const adding = useDoing(
    () => api.call<Secret>('POST', `${path}/secrets`, { body: {} }),
    async ({ body }) => {
      setMade(body.secret);
      await reread(path);
    },
  );
  const removing = useDoing(
    (id: string) => api.call('DELETE', `${path}/secrets/${pathOf(id)}`, {}),
    () => reread(path),
  );
  return { made, forgetMade: () => setMade(undefined), adding, removing };
};

/** Secrets of a client. All of them are good, so that a new one can be handed out before the old one goes. */
export const SecretPanel = ({ path, name }: { path: string; name: string }) => {
  const { track } = usePlace();
  const may = useMay(track);
  const pages = usePages<Secret>(`${path}/secrets`);
  const { made, forgetMade, adding, removing } = useSecrets(path);
  return (
    <Paper withBorder p="md" component="section" aria-label="Secrets">
      <Stack gap="sm">
        <Title order={2} size="h5">
          Secrets
        </Title>
        {made !== undefined && <MadeSecret secret={made} onSeen={forgetMade} />}
        <Listing pages={pages} label="Secrets" empty={`${name} has no secret.`} keyOf={({ id }) => id}>
          {(secret) => (
            <div className="row">
              <code className="grow">{titleOf(secret)}</code>
              {secret.created_at !== undefined && (
                <Text size="sm" c="dimmed">
                  {timeOf(secret.created_at)}
                </Text>
              )}
              <AskInPlace
                size="xs"
                action="Remove"
                name={`Remove secret ${titleOf(secret)}`}
                question="Whoever uses it is locked out."
                disabled={!may('party', 'delete')}
                onConfirm={() => removing.run(secret.id)}
              />
            </div>
          )}
        </Listing>
        <ProblemAlert error={adding.error ?? removing.error} />
        <Group>
          <Button
            size="xs"
            variant="light"
            loading={adding.isBusy}
            disabled={!may('party', 'create')}
            onClick={() => adding.run(undefined)}
          >
            Add secret
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
};
