import { MultiSelect } from '@mantine/core';
import { pathOf } from '../api/control-api.js';
import { errorAt, isWrongBelow } from '../api/problem.js';
import { usePages } from '../api/queries.js';
import { plain, type FieldProps } from '../form/field.js';
import { asList, resolve } from '../form/schema.js';
import { usePlace } from '../frame/place.js';
import type { Party } from './kinds.js';

/** Up-parties of the track, to choose from; the order is that of the buttons on the page. */
export const AllowedUpParties = ({ described, schema, path, value, onChange, errors, disabled }: FieldProps) => {
  const { track } = usePlace();
  const upParties = usePages<Party>(pathOf(track, 'up_parties'), { limit: 200 });
  const chosen = asList(value).map(String);
  // What is chosen but not there stays visible: it is what an error speaks of.
  const names = [...new Set([...upParties.items.map(({ name }) => name), ...chosen])];
  const below = isWrongBelow(errors, path)
    ? errors.filter(({ field }) => field.startsWith(path))[0]?.message
    : undefined;
  return (
    <MultiSelect
      label="Allowed up-parties"
      description={plain(resolve(described, schema).description)}
      placeholder={chosen.length === 0 ? 'Choose' : undefined}
      data={names}
      searchable
      value={chosen}
      onChange={onChange}
      error={errorAt(errors, path) ?? below}
      disabled={disabled}
      data-field={path}
    />
  );
};
