import { Button, Fieldset, Stack, Text } from '@mantine/core';
import type { ComponentType } from 'react';
import { errorAt, type FieldError } from '../api/problem.js';
import { Field, plain, type FieldProps } from './field.js';
import { asObject, labelOf, withMember, type Described, type Json, type Schema } from './schema.js';

interface MembersProps {
  readonly described: Described;
  readonly schema: Schema;
  /** Empty at the top. */
  readonly path: string;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
  readonly errors: readonly FieldError[];
  readonly disabled?: boolean;
  /** Which members, in this order; all when left out. */
  readonly names?: readonly string[];
  /** Inputs for members of which more is known than their schema says. */
  readonly special?: Readonly<Record<string, ComponentType<FieldProps>>>;
}

/** Fields for the members of an object. */
export const Members = ({
  described,
  schema,
  path,
  value,
  onChange,
  errors,
  disabled,
  names,
  special,
}: MembersProps) => {
  const { properties = {}, required = [] } = schema;
  return (names ?? Object.keys(properties)).flatMap((name) => {
    const member = properties[name];
    if (!member) return [];
    const Input = special?.[name] ?? Field;
    return [
      <Input
        key={name}
        described={described}
        schema={member}
        name={name}
        path={path === '' ? name : `${path}.${name}`}
        required={required.includes(name)}
        value={value[name]}
        onChange={(changed) => onChange(withMember(value, name, changed))}
        errors={errors}
        disabled={disabled}
      />,
    ];
  });
};

/** An object within a form; one that is not there can be added, one that is there taken away. */
export const ObjectField = ({
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
  const isThere = value !== undefined && value !== null;
  return (
    <Fieldset legend={labelOf(name)} data-field={path}>
      <Stack gap="sm">
        {schema.description !== undefined && (
          <Text size="xs" c="dimmed">
            {plain(schema.description)}
          </Text>
        )}
        {errorAt(errors, path) !== undefined && (
          <Text size="xs" c="var(--mantine-color-error)">
            {errorAt(errors, path)}
          </Text>
        )}
        {isThere && (
          <Members {...{ described, schema, path, errors, disabled }} value={asObject(value)} onChange={onChange} />
        )}
        {!(isThere && required) && (
          <Button
            variant="default"
            size="xs"
            w="fit-content"
            disabled={disabled}
            onClick={() => onChange(isThere ? undefined : {})}
          >
            {isThere ? `Remove ${labelOf(name)}` : `Add ${labelOf(name)}`}
          </Button>
        )}
      </Stack>
    </Fieldset>
  );
};
