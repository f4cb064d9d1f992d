import { Button, Group, Text } from '@mantine/core';

interface SaveRowProps {
  readonly word: string;
  readonly isBusy: boolean;
  readonly mayChange: boolean;
  readonly isChanged: boolean;
  /** Undefined of what is new: there is nothing to go back to. */
  readonly onDiscard?: () => void;
}

/** What stands at the end of every form. */
export const SaveRow = ({ word, isBusy, mayChange, isChanged, onDiscard }: SaveRowProps) => (
  <Group>
    <Button type="submit" loading={isBusy} disabled={!mayChange || !isChanged}>
      {word}
    </Button>
    {onDiscard && isChanged && (
      <Button variant="default" onClick={onDiscard}>
        Discard changes
      </Button>
    )}
    {!mayChange && (
      <Text size="sm" c="dimmed">
        You may read this, but not change it.
      </Text>
    )}
  </Group>
);
