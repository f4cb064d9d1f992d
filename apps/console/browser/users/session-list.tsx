import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { pathOf, queryOf } from '../api/control-api.js';
import { usePages, useReread } from '../api/queries.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { usePlace } from '../frame/place.js';
import { AskInPlace } from '../parts/ask-in-place.js';
import { Listing } from '../parts/listing.js';
import { timeOf } from '../parts/times.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';

interface Session {
  readonly sid: string;
  readonly sub: string;
  readonly up_party: string;
  readonly created: number;
  readonly last_used: number;
  readonly amr: readonly string[];
  readonly parties: readonly { readonly party: string }[];
}

/** Sessions can be found by whose they are only. */
const SubForm = () => {
  const [query, setQuery] = useSearchParams();
  const [sub, setSub] = useState(query.get('sub') ?? '');
  const find = (event: FormEvent): void => {
    event.preventDefault();
    setQuery(sub.trim() === '' ? {} : { sub: sub.trim() });
  };
  return (
    <Group component="form" onSubmit={find} align="flex-end">
      <TextInput
        label="Subject"
        description="The claim sub of the sessions: of users of the track, their user ID"
        flex="1 1 16rem"
        maw={420}
        value={sub}
        onChange={(event) => setSub(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        Find sessions
      </Button>
    </Group>
  );
};

const SessionRow = ({ session, onEnd, mayEnd }: { session: Session; onEnd: () => void; mayEnd: boolean }) => {
  const parties = session.parties.map(({ party }) => party).join(', ');
  return (
    <div className="row">
      <span className="grow">
        By {session.up_party}
        {parties === '' ? '' : `, signed in to ${parties}`}
        <Text size="sm" c="dimmed" component="span" display="block">
          Since {timeOf(session.created)}, last used {timeOf(session.last_used)}
        </Text>
      </span>
      <AskInPlace
        size="xs"
        action="End"
        name={`End session ${session.sid}`}
        question="Its applications are told."
        disabled={!mayEnd}
        onConfirm={onEnd}
      />
    </div>
  );
};

const Sessions = ({ sub }: { sub: string }) => {
  const { api } = useAdministration();
  const { track, base } = usePlace();
  const mayEnd = useMay(track)('user', 'delete');
  const reread = useReread();
  const path = pathOf(track, 'sessions');
  const pages = usePages<Session>(path, { sub });
  const ending = useDoing(
    (sid: string) => api.call('DELETE', `${path}/${pathOf(sid)}`, {}),
    () => reread(path),
  );
  const endingAll = useDoing(
    () => api.call('DELETE', `${path}${queryOf({ sub })}`, {}),
    () => reread(path),
  );
  return (
    <>
      <ProblemAlert error={ending.error ?? endingAll.error} />
      <Listing pages={pages} label="Sessions" empty="Nobody with this subject is signed in." keyOf={({ sid }) => sid}>
        {(session) => <SessionRow session={session} mayEnd={mayEnd} onEnd={() => ending.run(session.sid)} />}
      </Listing>
      {pages.items.length > 1 && (
        <AskInPlace
          action="End all"
          question="End all sessions of this subject?"
          disabled={!mayEnd}
          isBusy={endingAll.isBusy}
          onConfirm={() => endingAll.run(undefined)}
        />
      )}
      <Text size="sm" c="dimmed">
        Who was told of the end stands in the <Link to={`/${base}/logs/logouts`}>logouts</Link>.
      </Text>
    </>
  );
};

export const Component = () => {
  const [query] = useSearchParams();
  const sub = query.get('sub') ?? '';
  return (
    <Stack mt="md">
      <Title order={1} size="h3">
        Sessions
      </Title>
      <SubForm key={sub} />
      {sub !== '' && <Sessions sub={sub} />}
    </Stack>
  );
};
