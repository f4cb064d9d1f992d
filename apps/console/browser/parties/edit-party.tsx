import { Stack } from '@mantine/core';
import type { FormEvent } from 'react';
import type { Tagged } from '../api/control-api.js';
import { asProblem } from '../api/problem.js';
import { useReread } from '../api/queries.js';
import { ExpertEditor } from '../form/expert-editor.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { SaveRow } from '../form/save-row.js';
import type { Described, Json } from '../form/schema.js';
import { useEdited } from '../form/use-edited.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration } from '../sign-in/administrator.js';
import { AddressPanel } from './address-panel.js';
import type { Kind, Party, Side } from './kinds.js';
import { PartyForm } from './party-form.js';

interface EditPartyProps {
  readonly described: Described;
  readonly side: Side;
  readonly kind: Kind;
  readonly path: string;
  readonly seen: Tagged<Party>;
  readonly onReload: () => void;
  readonly mayChange: boolean;
}

/** Secrets have operations of their own, and left out they stay as they are. */
const withoutSecrets = ({ secrets: _secrets, ...party }: Json): Json => party;

/** The settings of a party that is there. */
export const EditParty = ({ described, side, kind, path, seen, onReload, mayChange }: EditPartyProps) => {
  const { api } = useAdministration();
  const reread = useReread();
  const edited = useEdited(seen as Tagged<Json>, withoutSecrets);
  const saving = useDoing(
    () => api.call<Json>('PUT', path, { body: edited.value, etag: edited.etag }),
    async (saved) => {
      edited.begin(saved);
      await reread(path.slice(0, path.lastIndexOf('/')));
    },
  );
  const errors = saving.error ? asProblem(saving.error).errors : [];
  const save = (event: FormEvent): void => {
    event.preventDefault();
    saving.run(undefined);
  };
  const reload = (): void => {
    saving.forget();
    edited.begin(seen as Tagged<Json>);
    onReload();
  };
  return (
    <form onSubmit={save} noValidate>
      <Stack>
        <AddressPanel side={side} party={{ ...seen.body, ...edited.value } as Party} />
        <PartyForm
          {...{ described, side, kind, errors }}
          value={edited.value}
          onChange={edited.change}
          disabled={!mayChange}
        />
        <ExpertEditor value={edited.value} onChange={edited.change} disabled={!mayChange} />
        <ProblemAlert error={saving.error} onReload={reload} />
        <SaveRow
          word="Save"
          isBusy={saving.isBusy}
          mayChange={mayChange}
          isChanged={edited.isChanged}
          onDiscard={reload}
        />
      </Stack>
    </form>
  );
};
