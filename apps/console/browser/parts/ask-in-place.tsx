import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';

interface AskInPlaceProps {
  /** On the button: `Delete`. */
  readonly action: string;
  /** What is asked before it is done. */
  readonly question: string;
  readonly onConfirm: () => void;
  readonly disabled?: boolean;
  readonly isBusy?: boolean;
  readonly size?: 'xs' | 'sm';
  /** For who does not see what the button stands beside: `Remove secret abc`. */
  readonly name?: string;
}

/** A button that asks where it stands before anything is lost. */
export const AskInPlace = ({ action, question, onConfirm, disabled, isBusy, size = 'sm', name }: AskInPlaceProps) => {
  const [isAsking, setAsking] = useState(false);
  if (!isAsking)
    return (
      <Button
        size={size}
        color="red"
        variant="light"
        w="fit-content"
        disabled={disabled}
        loading={isBusy}
        aria-label={name}
        onClick={() => setAsking(true)}
      >
        {action}
      </Button>
    );
  const confirm = (): void => {
    setAsking(false);
    onConfirm();
  };
  return (
    <Group gap="xs" role="group" aria-label={question}>
      <Text size="sm">{question}</Text>
      <Button size={size} color="red" onClick={confirm}>
        {action}
      </Button>
      <Button size={size} variant="default" autoFocus onClick={() => setAsking(false)}>
        Cancel
      </Button>
    </Group>
  );
};
