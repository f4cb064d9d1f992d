import { Badge, Button, Group, Menu, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { usePages } from '../api/queries.js';
import { usePlace } from '../frame/place.js';
import { Listing } from '../parts/listing.js';
import { useMay } from '../sign-in/administrator.js';
import { isSide, kindOf, kindsOf, sides, type Party, type Side } from './kinds.js';

const CreateMenu = ({ side }: { side: Side }) => {
  const navigate = useNavigate();
  const { track, base } = usePlace();
  const may = useMay(track)('party', 'create');
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button disabled={!may}>Create {sides[side].word}</Button>
      </Menu.Target>
      <Menu.Dropdown maw={340}>
        {kindsOf(side).map(({ type, title, hint }) => (
          <Menu.Item key={type} onClick={() => void navigate(`/${base}/parties/${side}/new/${type}`)}>
            {title}
            <Text size="xs" c="dimmed" component="span" display="block">
              {hint}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};

const PartyList = ({ side }: { side: Side }) => {
  const { track, base } = usePlace();
  const [filter, setFilter] = useState('');
  const [wanted] = useDebouncedValue(filter.trim(), 200);
  const { list, title, word } = sides[side];
  const pages = usePages<Party>(pathOf(track, list), { filter: wanted });
  return (
    <Stack mt="md">
      <Title order={1} size="h3">
        {title}
      </Title>
      <Group justify="space-between" align="flex-end">
        <TextInput
          aria-label={`Filter ${title}`}
          placeholder="Filter by name or type"
          flex="1 1 14rem"
          maw={360}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <CreateMenu side={side} />
      </Group>
      <Listing
        pages={pages}
        label={title}
        empty={wanted === '' ? `There is no ${word} yet.` : `No ${word} fits the filter.`}
        keyOf={({ name }) => name}
      >
        {({ name, type, display_name }) => (
          <Link className="row" to={`/${base}/parties/${side}/${pathOf(name)}`}>
            <span className="grow">
              {display_name ?? name} {display_name !== undefined && <span className="quiet">{name}</span>}
            </span>
            <Badge variant="light" color="gray" tt="none">
              {kindOf(side, type)?.title ?? type}
            </Badge>
          </Link>
        )}
      </Listing>
    </Stack>
  );
};

export const Component = () => {
  const { kind } = useParams();
  return isSide(kind) ? <PartyList side={kind} key={kind} /> : <Navigate to=".." replace />;
};
