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
import { externalTitle, type ExternalUser } from './people.js';

export const Component = () => {
  const { track, base } = usePlace();
  const may = useMay(track)('user', 'create');
  const [filter, setFilter] = useState('');
  const [wanted] = useDebouncedValue(filter.trim(), 250);
  const pages = usePages<ExternalUser>(pathOf(track, 'external_users'), { filter: wanted });
  const here = `/${base}/users/external`;
  return (
    <Stack mt="md">
      <ListHead title="External users" hint="Filter by link value or claim" value={filter} onChange={setFilter}>
        {may ? (
          <Button component={Link} to={`${here}/new`}>
            Create external user
          </Button>
        ) : (
          <Button disabled>Create external user</Button>
        )}
      </ListHead>
      <Listing
        pages={pages}
        label="External users"
        empty={
          wanted === '' ? 'Nothing is kept of users whom other providers sign in.' : 'No external user fits the filter.'
        }
        keyOf={({ user_id }) => user_id}
      >
        {(user) => (
          <Link className="row" to={`${here}/${pathOf(user.user_id)}`}>
            <span className="grow">
              {externalTitle(user)} <span className="quiet">{user.link_claim_value ?? 'not linked yet'}</span>
            </span>
            <Badge variant="light" color="gray" tt="none">
              {user.up_party}
            </Badge>
            {user.disabled && (
              <Badge variant="light" color="red" tt="none">
                Disabled
              </Badge>
            )}
          </Link>
        )}
      </Listing>
    </Stack>
  );
};
