import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { errorAt } from '../api/problem.js';
import { plain, type FieldProps } from './field.js';
import { parseJson } from './parse-json.js';
import { isSame, labelOf, resolve } from './schema.js';

const written = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value, undefined, 2));

/** A text that is JSON most of the time: while it is not, the value before stays. */
export const useJsonText = (value: unknown, onChange: (value: unknown) => void) => {
  const [draft, setDraft] = useState<{ text: string; value: unknown }>();
  const isCurrent = draft !== undefined && isSame(draft.value, value);
  const text = isCurrent ? draft.text : written(value);
  const parsed = parseJson(text);
  const enter = (entered: string): void => {
    const read = parseJson(entered);
    setDraft({ text: entered, value: read.ok ? read.value : value });
    if (read.ok) onChange(read.value);
  };
  return { text, problem: parsed.ok ? undefined : parsed.problem, enter };
};

/** A value that is entered as JSON. */
export const JsonField = ({
  described,
  schema,
  path,
  name,
  required,
  value,
  onChange,
  errors,
  disabled,
}: FieldProps) => {
  const { text, problem, enter } = useJsonText(value, onChange);
  return (
    <Textarea
      label={`${labelOf(name)} (JSON)`}
      description={plain(resolve(described, schema).description)}
      error={problem ?? errorAt(errors, path)}
      withAsterisk={required}
      disabled={disabled}
      data-field={path}
      autosize
      minRows={2}
      maxRows={20}
      spellCheck={false}
      classNames={{ input: 'code' }}
      value={text}
      onChange={(event) => enter(event.currentTarget.value)}
    />
  );
};
