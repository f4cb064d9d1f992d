import { ActionIcon, Button, CloseButton, Group, Input, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { errorAt, isWrongBelow } from '../api/problem.js';
import { plain, type FieldProps } from './field.js';
import { Members } from './object-field.js';
import { asList, asObject, labelOf, resolve, titleOf, type Schema } from './schema.js';

const moved = (items: readonly unknown[], from: number, to: number): unknown[] => {
  const copy = [...items];
  copy.splice(to, 0, ...copy.splice(from, 1));
  return copy;
};

interface Placing {
  readonly label: string;
  readonly at: number;
  readonly last: number;
  readonly disabled?: boolean;
  readonly onMove: (to: number) => void;
  readonly onRemove: () => void;
}

/** The order counts for some lists, such as claim transforms. */
const Placing = ({ label, at, last, disabled, onMove, onRemove }: Placing) => (
  <Group gap={4} wrap="nowrap">
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Move ${label} ${at + 1} up`}
      disabled={disabled || at === 0}
      onClick={() => onMove(at - 1)}
    >
      ↑
    </ActionIcon>
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Move ${label} ${at + 1} down`}
      disabled={disabled || at === last}
      onClick={() => onMove(at + 1)}
    >
      ↓
    </ActionIcon>
    <CloseButton aria-label={`Remove ${label} ${at + 1}`} disabled={disabled} onClick={onRemove} />
  </Group>
);

interface EntryProps extends Omit<FieldProps, 'schema' | 'name'>, Placing {
  readonly item: Schema;
  /** Just added: it is open. */
  readonly isNew: boolean;
}

/** An entry is one line until it is opened: some have a dozen fields. */
const Entry = ({ described, item, path, value, onChange, errors, isNew, ...placing }: EntryProps) => {
  const [isOpen, setOpen] = useState(isNew);
  const shown = isOpen || isWrongBelow(errors, path);
  const { label, at, disabled } = placing;
  return (
    <Paper withBorder p="xs">
      <Stack gap="sm">
        <Group gap={4} wrap="nowrap">
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            flex={1}
            miw={0}
            justify="flex-start"
            aria-expanded={shown}
            aria-label={`${label} ${at + 1}: ${titleOf(value, at)}`}
            leftSection={shown ? '▾' : '▸'}
            onClick={() => setOpen(!shown)}
          >
            {titleOf(value, at)}
          </Button>
          <Placing {...placing} />
        </Group>
        {errorAt(errors, path) !== undefined && (
          <Text size="xs" c="var(--mantine-color-error)">
            {errorAt(errors, path)}
          </Text>
        )}
        {shown && (
          <Members {...{ described, errors, disabled, path, onChange }} schema={item} value={asObject(value)} />
        )}
      </Stack>
    </Paper>
  );
};

/** A list of objects, each with its fields. */
export const ObjectList = ({
  described,
  schema,
  item,
  path,
  name,
  value,
  onChange,
  errors,
  disabled,
}: FieldProps & { readonly item: Schema }) => {
  const items = asList(value);
  // Entries beyond those that were there at first have just been added.
  const [known] = useState(items.length);
  const label = labelOf(name);
  const set = (at: number, changed: unknown): void =>
    onChange(items.map((old, index) => (index === at ? changed : old)));
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      description={plain(resolve(described, schema).description)}
      error={errorAt(errors, path)}
      data-field={path}
    >
      <Stack gap="xs" mt={4}>
        {items.map((one, at) => (
          <Entry
            key={at}
            {...{ described, item, errors, disabled, label, at }}
            path={`${path}[${at}]`}
            value={one}
            last={items.length - 1}
            isNew={at >= known}
            onChange={(changed) => set(at, changed)}
            onMove={(to) => onChange(moved(items, at, to))}
            onRemove={() => onChange(items.filter((_item, index) => index !== at))}
          />
        ))}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          disabled={disabled}
          aria-label={`Add to ${label}`}
          onClick={() => onChange([...items, {}])}
        >
          Add
        </Button>
      </Stack>
    </Input.Wrapper>
  );
};
