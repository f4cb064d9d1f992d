import { Button, CopyButton, Group, Text } from '@mantine/core';

/** A value that somebody takes elsewhere. */
export const CopyLine = ({ label, value }: { label: string; value: string }) => (
  <div className="copy-line">
    <Text size="sm" fw={500} id={`copy-${label}`}>
      {label}
    </Text>
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <code className="address">{value}</code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy} aria-label={`Copy ${label}`}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  </div>
);
