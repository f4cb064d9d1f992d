import { Stack } from '@mantine/core';
import type { ComponentType, FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { pathOf, type Tagged } from '../api/control-api.js';
import { asProblem } from '../api/problem.js';
import { useReread } from '../api/queries.js';
import { ExpertEditor } from '../form/expert-editor.js';
import type { FieldProps } from '../form/field.js';
import { Members } from '../form/object-field.js';
import { ProblemAlert } from '../form/problem-alert.js';
import { SaveRow } from '../form/save-row.js';
import type { Described, Json, Schema } from '../form/schema.js';
import { useEdited } from '../form/use-edited.js';
import { useDoing } from '../parts/use-doing.js';
import { useAdministration } from '../sign-in/administrator.js';
import { onlyShown, withoutShown } from './people.js';

interface RecordFormProps {
  readonly described: Described;
  readonly schema: Schema;
  /** Its list at the API, such as `-/users`. */
  readonly list: string;
  /** Its list in the console. */
  readonly here: string;
  /** How it was read; undefined of a new one. */
  readonly seen?: Tagged<Json>;
  readonly special?: Readonly<Record<string, ComponentType<FieldProps>>>;
  readonly mayChange: boolean;
  readonly onReload?: () => void;
}

const nothing: Tagged<Json> = { body: {} };

/** Makes or changes the record of a person. */
const useSaving = ({ list, here, seen }: RecordFormProps) => {
  const { api } = useAdministration();
  const navigate = useNavigate();
  const reread = useReread();
  const edited = useEdited(seen ?? nothing, withoutShown);
  const saving = useDoing(
    () => {
      const path = seen ? `${list}/${pathOf(String(seen.body['user_id']))}` : list;
      return api.call<Json>(seen ? 'PUT' : 'POST', path, { body: edited.value, etag: edited.etag });
    },
    async (saved) => {
      edited.begin(saved);
      await reread(list);
      if (!seen) await navigate(`${here}/${pathOf(String(saved.body['user_id']))}`);
    },
  );
  return { edited, saving };
};

/** Fields of a user, or of an external one. */
export const RecordForm = (props: RecordFormProps) => {
  const { described, schema, seen, special, mayChange, onReload } = props;
  const { edited, saving } = useSaving(props);
  const errors = saving.error ? asProblem(saving.error).errors : [];
  const names = Object.keys(schema.properties ?? {}).filter(
    (name) => !onlyShown.includes(name) && !(seen && name === 'user_id'),
  );
  const save = (event: FormEvent): void => {
    event.preventDefault();
    saving.run(undefined);
  };
  const reload = (): void => {
    saving.forget();
    edited.begin(seen ?? nothing);
    onReload?.();
  };
  const same = { value: edited.value, onChange: edited.change, disabled: !mayChange };
  return (
    <form onSubmit={save} noValidate>
      <Stack>
        <Members {...{ described, schema, errors, names, special }} path="" {...same} />
        <ExpertEditor {...same} />
        <ProblemAlert error={saving.error} onReload={reload} />
        <SaveRow
          word={seen ? 'Save' : 'Create'}
          isBusy={saving.isBusy}
          mayChange={mayChange}
          isChanged={edited.isChanged}
          onDiscard={seen && reload}
        />
      </Stack>
    </form>
  );
};
