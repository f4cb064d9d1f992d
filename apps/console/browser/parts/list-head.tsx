import { Group, TextInput, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface ListHeadProps {
  readonly title: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Buttons at its end. */
  readonly children?: ReactNode;
}

/** Title, filter and buttons of a list. */
export const ListHead = ({ title, hint, value, onChange, children }: ListHeadProps) => (
  <>
    <Title order={1} size="h3">
      {title}
    </Title>
    <Group justify="space-between" align="flex-end">
      <TextInput
        aria-label={`Filter ${title}`}
        placeholder={hint}
        flex="1 1 14rem"
        maw={360}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {children}
    </Group>
  </>
);
