import { Badge, Button, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Link } from 'react-router';
import { pathOf } from '../api/control-api.js';
import { usePages } from '../api/queries.js';
import { usePlace } from '../frame/place.js';
import { ListHead } from '../parts/list-head.js';
import { Listing } from '../parts/listing.js';
import { useMay } from '../sign-in/administrator.js';
import { identifiersOf, userTitle, type User } from './people.js';

const UserRow = ({ user, to }: { user: User; to: string }) => (
  <Link className="row" to={to}>
    <span className="grow">
      {userTitle(user)} <span className="quiet">{identifiersOf(user).join(', ')}</span>
    </span>
    {user.has_second_factor && (
      <Badge variant="light" color="gray" tt="none">
        Second factor
      </Badge>
    )}
    {user.disabled && (
      <Badge variant="light" color="red" tt="none">
        Disabled
      </Badge>
    )}
  </Link>
);

export const Component = () => {
  const { track, base } = usePlace();
  const may = useMay(track)('user', 'create');
  const [filter, setFilter] = useState('');
  const [wanted] = useDebouncedValue(filter.trim(), 250);
  const pages = usePages<User>(pathOf(track, 'users'), { filter: wanted });
  return (
    <Stack mt="md">
      <ListHead title="Users" hint="Filter by email, user name or phone" value={filter} onChange={setFilter}>
        {may ? (
          <Button component={Link} to={`/${base}/users/users/new`}>
            Create user
          </Button>
        ) : (
          <Button disabled>Create user</Button>
        )}
      </ListHead>
      <Listing
        pages={pages}
        label="Users"
        empty={wanted === '' ? 'The track has no users of its own.' : 'No user fits the filter.'}
        keyOf={({ user_id }) => user_id}
      >
        {(user) => <UserRow user={user} to={`/${base}/users/users/${pathOf(user.user_id)}`} />}
      </Listing>
    </Stack>
  );
};
