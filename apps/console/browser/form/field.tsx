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

/** What inputs of every kind are told alike. */
const toldOf = ({ described, schema, path, name, required, errors, disabled }: FieldProps) => ({
  label: labelOf(name),
  description: plain(resolve(described, schema).description),
  error: errorAt(errors, path),
  withAsterisk: required,
  disabled,
  'data-field': path,
});

/** A text that is never shown again. */
export const SecretField = (props: FieldProps) => (
  <PasswordInput
    {...toldOf(props)}
    autoComplete="new-password"
    placeholder={secretHint(props.value)}
    value={typeof props.value === 'string' ? props.value : ''}
    onChange={(event) => props.onChange(textOrNothing(event.currentTarget.value))}
  />
);

/** One or several of a few words. */
const ChoiceField = (props: FieldProps) => {
  const { described, schema, required, value, onChange } = props;
  const own = resolve(described, schema);
  const control = controlOf(described, schema);
  const data = control.kind === 'choice' || control.kind === 'choices' ? control.choices : [];
  if (control.kind === 'choices')
    return (
      <MultiSelect
        {...toldOf(props)}
        data={data}
        value={asList(value ?? own.default).map(String)}
        onChange={(chosen) => onChange(chosen)}
      />
    );
  const fallback = typeof own.default === 'string' ? own.default : null;
  return (
    <Select
      {...toldOf(props)}
      data={data}
      value={typeof value === 'string' ? value : fallback}
      clearable={!required && fallback === null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  );
};

const ScalarField = (props: FieldProps) => {
  const { described, schema, value, onChange } = props;
  const own = resolve(described, schema);
  const control = controlOf(described, schema);
  const same = toldOf(props);
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
    case 'choices':
      return <ChoiceField {...props} />;
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
