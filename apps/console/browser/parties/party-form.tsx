import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { isWrongBelow, type FieldError } from '../api/problem.js';
import { Members } from '../form/object-field.js';
import { resolve, variantOf, type Described, type Json, type Schema } from '../form/schema.js';
import { AllowedUpParties } from './allowed-up-parties.js';
import { dividedSettings, sides, type Kind, type Side } from './kinds.js';

interface PartyFormProps {
  readonly described: Described;
  readonly side: Side;
  readonly kind: Kind;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
  readonly errors: readonly FieldError[];
  readonly disabled?: boolean;
}

const special = { allow_up_parties: AllowedUpParties };

const schemaOf = (described: Described, side: Side, type: string): Schema => {
  const whole = described.components.schemas[sides[side].body];
  return (whole && variantOf(described, resolve(described, whole), type)) ?? {};
};

/** The settings of a party: those that most need, and behind a button the others. */
export const PartyForm = ({ described, side, kind, value, onChange, errors, disabled }: PartyFormProps) => {
  const [isOpen, setOpen] = useState(false);
  const schema = schemaOf(described, side, kind.type);
  const { first, advanced } = dividedSettings(kind, Object.keys(schema.properties ?? {}));
  // An error must not hide.
  const shown = isOpen || advanced.some((name) => isWrongBelow(errors, name));
  const same = { described, schema, path: '', value, onChange, errors, disabled, special };
  return (
    <Stack>
      <Members {...same} names={first} />
      <Button variant="subtle" size="xs" w="fit-content" aria-expanded={shown} onClick={() => setOpen(!shown)}>
        {shown ? 'Hide advanced settings' : 'Show advanced settings'}
      </Button>
      {shown && <Members {...same} names={advanced} />}
    </Stack>
  );
};
