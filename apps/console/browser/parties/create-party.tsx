import { Anchor, Button, Group, Stack, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { asProblem, errorAt } from '../api/problem.js';
import { useDescription, useReread } from '../api/queries.js';
import { ExpertEditor } from '../form/expert-editor.js';
import { ProblemAlert } from '../form/problem-alert.js';
import type { Described, Json } from '../form/schema.js';
import { usePlace } from '../frame/place.js';
import { Waiting } from '../parts/listing.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';
import { AddressPanel } from './address-panel.js';
import { isSide, kindOf, sides, type Kind, type Side } from './kinds.js';
import { PartyForm } from './party-form.js';

const useCreation = (side: Side, kind: Kind) => {
  const { api } = useAdministration();
  const { track, base } = usePlace();
  const navigate = useNavigate();
  const reread = useReread();
  const path = pathOf(track, sides[side].list);
  return useDoing(
    async ({ name, value }: { name: string; value: Json }) => {
      await api.call('POST', path, { body: { ...value, type: kind.type, name } });
      return name;
    },
    async (name) => {
      await reread(path);
      await navigate(`/${base}/parties/${side}/${pathOf(name)}`);
    },
  );
};

interface CreatePartyProps {
  readonly described: Described;
  readonly side: Side;
  readonly kind: Kind;
}

const CreateParty = ({ described, side, kind }: CreatePartyProps) => {
  const { track, base } = usePlace();
  const may = useMay(track)('party', 'create');
  const [name, setName] = useState('');
  const [value, setValue] = useState<Json>({});
  const creation = useCreation(side, kind);
  const errors = creation.error ? asProblem(creation.error).errors : [];
  const wanted = name.trim().toLowerCase();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    creation.run({ name: wanted, value });
  };
  return (
    <form onSubmit={send} noValidate>
      <Stack mt="md">
        <div>
          <Anchor component={Link} to={`/${base}/parties/${side}`} size="sm">
            {sides[side].title}
          </Anchor>
          <Title order={1} size="h3">
            New {sides[side].word}: {kind.title}
          </Title>
        </div>
        <TextInput
          label="Name"
          description={`a-z, 0-9, _ and -; stands in addresses${side === 'down' ? ' and is the client ID' : ''}`}
          withAsterisk
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          error={errorAt(errors, 'name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <AddressPanel side={side} party={{ ...value, name: wanted, type: kind.type }} />
        <PartyForm {...{ described, side, kind, value, errors }} onChange={setValue} />
        <ExpertEditor value={value} onChange={setValue} />
        <ProblemAlert error={creation.error} />
        <Group>
          <Button type="submit" loading={creation.isBusy} disabled={!may}>
            Create
          </Button>
          <Button component={Link} to={`/${base}/parties/${side}`} variant="default">
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

export const Component = () => {
  const { kind: side, part: type = '' } = useParams();
  const description = useDescription();
  const kind = isSide(side) ? kindOf(side, type) : undefined;
  if (!isSide(side) || !kind) return <Navigate to="../.." replace />;
  if (description.error) return <ProblemAlert error={description.error} />;
  if (!description.data) return <Waiting />;
  return <CreateParty key={side + type} described={description.data} side={side} kind={kind} />;
};
