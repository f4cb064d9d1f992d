import { Stack, Text, Title } from '@mantine/core';
import { pathOf, queryOf } from '../api/control-api.js';
import { usePages, useReread } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { usePlace } from '../frame/place.js';
import { AskInPlace } from '../parts/ask-in-place.js';
import { Listing } from '../parts/listing.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';

interface Lock {
  readonly of: 'user' | 'address';
  readonly guessed: 'password' | 'code';
  readonly value: string;
}

const told = { user: 'User', address: 'Address' } as const;

export const Component = () => {
  const { api } = useAdministration();
  const { track } = usePlace();
  const may = useMay(track)('user', 'delete');
  const reread = useReread();
  const path = pathOf(track, 'locks');
  const pages = usePages<Lock>(path);
  const lifting = useDoing(
    ({ of, guessed, value }: Lock) => api.call('DELETE', `${path}${queryOf({ of, guessed, value })}`, {}),
    () => reread(path),
  );
  return (
    <Stack mt="md">
      <div>
        <Title order={1} size="h3">
          Locks
        </Title>
        <Text size="sm" c="dimmed">
          Users and addresses that guessed too often and have to wait
        </Text>
      </div>
      <ProblemAlert error={lifting.error} />
      <Listing
        pages={pages}
        label="Locks"
        empty="Nobody is locked."
        keyOf={({ of, guessed, value }) => `${of} ${guessed} ${value}`}
      >
        {(lock) => (
          <div className="row">
            <span className="grow">
              {told[lock.of]} {lock.value} <span className="quiet">guessed a {lock.guessed}</span>
            </span>
            <AskInPlace
              size="xs"
              action="Lift"
              name={`Lift the lock of ${lock.value}`}
              question="Guessing may begin again."
              disabled={!may}
              onConfirm={() => lifting.run(lock)}
            />
          </div>
        )}
      </Listing>
    </Stack>
  );
};
