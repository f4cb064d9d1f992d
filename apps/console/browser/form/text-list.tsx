import { Button, CloseButton, Group, Input, Stack, TextInput } from '@mantine/core';
import { errorAt } from '../api/problem.js';
import { plain, type FieldProps } from './field.js';
import { asList, labelOf, resolve } from './schema.js';

/** A list of texts, each with its own error: `redirect_uris[1]`. */
export const TextList = ({
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
  const texts = asList(value ?? resolve(described, schema).default).map(String);
  const label = labelOf(name);
  const change = (at: number, text: string): void => onChange(texts.map((old, index) => (index === at ? text : old)));
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      description={plain(resolve(described, schema).description)}
      error={errorAt(errors, path)}
      withAsterisk={required}
      data-field={path}
    >
      <Stack gap="xs" mt={4}>
        {texts.map((text, at) => (
          <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              flex={1}
              aria-label={`${label} ${at + 1}`}
              value={text}
              disabled={disabled}
              error={errorAt(errors, `${path}[${at}]`)}
              onChange={(event) => change(at, event.currentTarget.value)}
            />
            <CloseButton
              mt={4}
              aria-label={`Remove ${label} ${at + 1}`}
              disabled={disabled}
              onClick={() => onChange(texts.filter((_text, index) => index !== at))}
            />
          </Group>
        ))}
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          disabled={disabled}
          aria-label={`Add to ${label}`}
          onClick={() => onChange([...texts, ''])}
        >
          Add
        </Button>
      </Stack>
    </Input.Wrapper>
  );
};
