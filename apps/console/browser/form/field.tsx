import { MultiSelect, NumberInput, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { errorAt, type FieldError } from '../api/problem.js';
import { JsonField } from './json-field.js';
import { ObjectField } from './object-field.js';
import { ObjectList } from './object-list.js';
import { asList, asObject, controlOf, labelOf, resolve, type Described, type Schema } from './schema.js';
import { TextList } from './text-list.js';

/** What every field of a form is told. */
export interface FieldProps {
  readonly described: Described;
  readonly schema: Schema;
  /** As the API names it in errors: `scopes[0].scope`. */
  readonly path: string;
  readonly name: string;
  readonly required?: boolean;
  readonly value: unknown;
  /** Undefined takes the setting away. */
  readonly onChange: (value: unknown) => void;
  readonly errors: readonly FieldError[];
  readonly disabled?: boolean;
}

/** Backticks are for the reference in Markdown. */
export const plain = (text: string | undefined): string | undefined => text?.replaceAll('`', '');

const textOrNothing = (text: string): string | undefined => (text === '' ? undefined : text);

/** A secret that is kept is shown by its first characters; left alone, it stays. */
const secretHint = (value: unknown): string => {
  const info = asObject(value)['info'];
  if (typeof info !== 'string') return '';
  return info === '' ? 'There is one; a new one takes its place' : `Begins with ${info}; a new one takes its place`;
};

/** A text that is never shown again. */
export const SecretField = ({
  described,
  schema,
  path,
  name,
  required,
  value,
  onChange,
  errors,
  disabled,
}: FieldProps) => (
  <PasswordInput
    label={labelOf(name)}
    description={plain(resolve(described, schema).description)}
    error={errorAt(errors, path)}
    withAsterisk={required}
    disabled={disabled}
    data-field={path}
    autoComplete="new-password"
    placeholder={secretHint(value)}
    value={typeof value === 'string' ? value : ''}
    onChange={(event) => onChange(textOrNothing(event.currentTarget.value))}
  />
);

const ScalarField = (props: FieldProps) => {
  const { described, schema, path, name, required, value, onChange, errors, disabled } = props;
  const own = resolve(described, schema);
  const control = controlOf(described, schema);
  const same = {
    label: labelOf(name),
    description: plain(own.description),
    error: errorAt(errors, path),
    withAsterisk: required,
    disabled,
    'data-field': path,
  };
  const fallback = own.default === undefined ? undefined : String(own.default);
  switch (control.kind) {
    case 'switch':
      return (
        <Switch
          {...{ ...same, withAsterisk: undefined }}
          checked={(value ?? own.default) === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case 'number':
      return (
        <NumberInput
          {...same}
          value={typeof value === 'number' ? value : ''}
          placeholder={fallback}
          min={control.minimum}
          max={control.maximum}
          clampBehavior="none"
          allowDecimal={own.type === 'number'}
          onChange={(entered) => onChange(typeof entered === 'number' ? entered : undefined)}
        />
      );
    case 'choice':
      return (
        <Select
          {...same}
          data={control.choices}
          value={typeof value === 'string' ? value : (fallback ?? null)}
          clearable={!required && fallback === undefined}
          onChange={(chosen) => onChange(chosen ?? undefined)}
        />
      );
    case 'choices':
      return (
        <MultiSelect
          {...same}
          data={control.choices}
          value={asList(value ?? own.default).map(String)}
          onChange={(chosen) => onChange(chosen)}
        />
      );
    case 'secret':
      return <SecretField {...props} />;
    default:
      return (
        <TextInput
          {...same}
          placeholder={fallback}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(textOrNothing(event.currentTarget.value))}
        />
      );
  }
};

/** The input for a value, made from its schema. */
export const Field = (props: FieldProps) => {
  const control = controlOf(props.described, props.schema);
  switch (control.kind) {
    case 'fixed':
      return null;
    case 'texts':
      return <TextList {...props} />;
    case 'object':
      return <ObjectField {...props} schema={control.schema} />;
    case 'objects':
      return <ObjectList {...props} item={control.item} />;
    case 'json':
      return <JsonField {...props} />;
    default:
      return <ScalarField {...props} />;
  }
};
