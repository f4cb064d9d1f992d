import { Paper, Stack, Title } from '@mantine/core';
import type { FormEvent } from 'react';
import { useNavigate, useParams } from 'react-router';
import { pathOf, type Tagged } from '../api/control-api.js';
import { asProblem } from '../api/problem.js';
import { useDescription, useReread, useThing } from '../api/queries.js';
import { ExpertEditor } from '../form/expert-editor.js';
import { Members } from '../form/object-field.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { SaveRow } from '../form/save-row.js';
import { asObject, bodySchema, resolve, withMember, type Described, type Json } from '../form/schema.js';
import { useEdited } from '../form/use-edited.js';
import { usePlace } from '../frame/place.js';
import { AskInPlace } from '../parts/ask-in-place.js';
import { Waiting } from '../parts/listing.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration, useMay } from '../sign-in/administrator.js';

const whole = (body: Json): Json => body;

interface SettingsProps {
  readonly described: Described;
  readonly seen: Tagged<Json>;
  readonly onReload: () => void;
}

const useSaving = (track: string, seen: Tagged<Json>) => {
  const { api } = useAdministration();
  const reread = useReread();
  const edited = useEdited(seen, whole);
  const saving = useDoing(
    () => api.call<Json>('PUT', pathOf(track), { body: edited.value, etag: edited.etag }),
    async (saved) => {
      edited.begin(saved);
      await reread('');
    },
  );
  return { edited, saving };
};

const Settings = ({ described, seen, onReload }: SettingsProps) => {
  const { track } = usePlace();
  const may = useMay(track)('track', 'update');
  const { edited, saving } = useSaving(track, seen);
  const errors = saving.error ? asProblem(saving.error).errors : [];
  const schema = bodySchema(described, '/api/{tenant}/{track}', 'put') ?? {};
  const settings = resolve(described, schema.properties?.['settings'] ?? {});
  const save = (event: FormEvent): void => {
    event.preventDefault();
    saving.run(undefined);
  };
  const reload = (): void => {
    saving.forget();
    edited.begin(seen);
    onReload();
  };
  const { value, change, isChanged } = edited;
  const same = { described, errors, disabled: !may };
  return (
    <form onSubmit={save} noValidate>
      <Stack>
        <Members {...same} schema={schema} names={['display_name', 'note']} path="" value={value} onChange={change} />
        <Members
          {...same}
          schema={settings}
          path="settings"
          value={asObject(value['settings'])}
          onChange={(changed) => change(withMember(value, 'settings', changed))}
        />
        <ExpertEditor value={value} onChange={change} disabled={!may} />
        <ProblemAlert error={saving.error} onReload={reload} />
        <SaveRow word="Save" isBusy={saving.isBusy} mayChange={may} isChanged={isChanged} onDiscard={reload} />
      </Stack>
    </form>
  );
};

const RemoveTrack = ({ etag }: { etag?: string }) => {
  const { tenant, api } = useAdministration();
  const { track } = usePlace();
  const may = useMay(track)('track', 'delete');
  const navigate = useNavigate();
  const reread = useReread();
  const removing = useDoing(
    () => api.call('DELETE', pathOf(track), { etag }),
    async () => {
      await reread('', pathOf(track));
      await navigate(`/${pathOf(tenant)}`);
    },
  );
  return (
    <Paper withBorder p="md" component="section" aria-label="Delete the track">
      <Stack>
        <ProblemAlert error={removing.error} />
        <AskInPlace
          action="Delete track"
          question={`Delete the track ${track} with all its parties, users, keys and sessions?`}
          disabled={!may || track === 'master'}
          isBusy={removing.isBusy}
          onConfirm={() => removing.run(undefined)}
        />
      </Stack>
    </Paper>
  );
};

const SettingsPage = ({ track }: { track: string }) => {
  const seen = useThing<Json>(pathOf(track));
  const description = useDescription();
  const error = seen.error ?? description.error;
  if (error) return <ProblemAlert error={error} />;
  if (!seen.data || !description.data) return <Waiting />;
  return (
    <Stack>
      <Title order={1} size="h3">
        Settings of the track {track}
      </Title>
      <Settings described={description.data} seen={seen.data} onReload={() => void seen.refetch()} />
      <RemoveTrack etag={seen.data.etag} />
    </Stack>
  );
};

export const Component = () => {
  const { track = '' } = useParams();
  return <SettingsPage key={track} track={track} />;
};
