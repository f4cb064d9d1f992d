import { Button, Stack, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { asProblem, errorAt } from '../api/problem.js';
import { useReread } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration } from '../sign-in/administrator.js';

const useCreation = (onCreated: () => void) => {
  const { tenant, api } = useAdministration();
  const navigate = useNavigate();
  const reread = useReread();
  return useDoing(
    async ({ name, title }: { name: string; title: string }) => {
      const body = title === '' ? {} : { display_name: title };
      await api.call('PUT', pathOf(name), { body, onlyNew: true });
      return name;
    },
    async (name) => {
      await reread('');
      onCreated();
      await navigate(`/${pathOf(tenant, name)}/parties/down`);
    },
  );
};

/** A new track; it begins with a login. */
export const CreateTrack = ({ onCreated, disabled }: { onCreated: () => void; disabled: boolean }) => {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const creation = useCreation(onCreated);
  if (!isOpen)
    return (
      <Button variant="light" disabled={disabled} onClick={() => setOpen(true)}>
        Create track
      </Button>
    );
  const send = (event: FormEvent): void => {
    event.preventDefault();
    creation.run({ name: name.trim().toLowerCase(), title: title.trim() });
  };
  const { errors, status } = creation.error ? asProblem(creation.error) : { errors: [], status: 0 };
  const isTaken = status === 412;
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <TextInput
          label="Name"
          description="a-z, 0-9, _ and -; stands in every address of the track"
          autoFocus
          required
          pattern="[a-z0-9_\-]{1,50}"
          value={name}
          error={isTaken ? 'There is a track of this name' : errorAt(errors, 'name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput label="Display name" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        {creation.error && !isTaken && <ProblemAlert error={creation.error} />}
        <Button type="submit" loading={creation.isBusy}>
          Create track
        </Button>
      </Stack>
    </form>
  );
};
