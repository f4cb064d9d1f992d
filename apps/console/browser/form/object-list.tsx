import { ActionIcon, Button, CloseButton, Group, Input, Paper, Stack, Text } from '@mantine/core';
import { errorAt } from '../api/problem.js';
import { plain, type FieldProps } from './field.js';
import { Members } from './object-field.js';
import { asList, asObject, labelOf, resolve, type Schema } from './schema.js';

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
  <Group gap={4} justify="flex-end">
    <Text size="xs" c="dimmed" mr="auto">
      {at + 1}
    </Text>
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
          <Paper key={at} withBorder p="sm">
            <Stack gap="sm">
              <Placing
                {...{ label, at, disabled }}
                last={items.length - 1}
                onMove={(to) => onChange(moved(items, at, to))}
                onRemove={() => onChange(items.filter((_item, index) => index !== at))}
              />
              {errorAt(errors, `${path}[${at}]`) !== undefined && (
                <Text size="xs" c="var(--mantine-color-error)">
                  {errorAt(errors, `${path}[${at}]`)}
                </Text>
              )}
              <Members
                {...{ described, errors, disabled }}
                schema={item}
                path={`${path}[${at}]`}
                value={asObject(one)}
                onChange={(changed) => set(at, changed)}
              />
            </Stack>
          </Paper>
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
