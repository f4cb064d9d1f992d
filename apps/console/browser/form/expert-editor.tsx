import { Button, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useJsonText } from './json-field.js';
import { asObject, type Json } from './schema.js';

interface ExpertEditorProps {
  readonly value: Json;
  readonly onChange: (value: Json) => void;
  readonly disabled?: boolean;
}

const Editor = ({ value, onChange, disabled }: ExpertEditorProps) => {
  const { text, problem, enter } = useJsonText(value, (changed) => onChange(asObject(changed)));
  return (
    <Textarea
      label="Everything as JSON"
      description="The same as the fields above, with every setting that there is"
      error={problem}
      disabled={disabled}
      autosize
      minRows={8}
      maxRows={40}
      spellCheck={false}
      classNames={{ input: 'code' }}
      value={text}
      onChange={(event) => enter(event.currentTarget.value)}
    />
  );
};

/** The whole as JSON, for who knows what to write. */
export const ExpertEditor = (props: ExpertEditorProps) => {
  const [isOpen, setOpen] = useState(false);
  return (
    <Stack gap="xs">
      <Button variant="subtle" size="xs" w="fit-content" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Hide expert editor' : 'Expert editor'}
      </Button>
      {isOpen && <Editor {...props} />}
    </Stack>
  );
};
