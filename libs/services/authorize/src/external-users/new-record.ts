import {
  ExpressionRun,
  externalClaimFault,
  textOf,
  transformClaims,
  valuesOf,
  type Claims,
  type ExternalUserElement,
  type LinkExternalUser,
  type TransformFault,
} from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { Field } from '../pages/form.js';
import { say, type Scene } from '../pages/scene.js';
import type { TextKey } from '../pages/texts/texts.js';
import type { PageForm } from '../sequence/page-action.js';
import { isIdentifier } from '../users/account-fields.js';
import { normalizeIdentifier } from '../users/identifiers.js';

type Standard = Exclude<ExternalUserElement['type'], 'custom'>;

const standard: Readonly<
  Record<Standard, { claim: string; label: TextKey; fault: TextKey; autocomplete: string; type?: 'email' | 'tel' }>
> = {
  email: { claim: 'email', label: 'identifier_e', fault: 'email_invalid', autocomplete: 'email', type: 'email' },
  phone: { claim: 'phone_number', label: 'identifier_p', fault: 'phone_invalid', autocomplete: 'tel', type: 'tel' },
  name: { claim: 'name', label: 'full_name', fault: 'name_too_long', autocomplete: 'name' },
  given_name: { claim: 'given_name', label: 'given_name', fault: 'name_too_long', autocomplete: 'given-name' },
  family_name: { claim: 'family_name', label: 'family_name', fault: 'name_too_long', autocomplete: 'family-name' },
};
const longestName = 100;
const longestAddress = 254;

const claimOf = (element: ExternalUserElement): string =>
  element.type === 'custom' ? element.claim : standard[element.type].claim;

const longestOf = (element: ExternalUserElement): number => {
  if (element.type === 'custom') return element.max_length;
  return element.type === 'email' ? longestAddress : longestName;
};

/** Fields have names of their own: a claim's name says nothing about what may stand in a form. */
const fieldName = (index: number): string => `field_${index}`;

/** What was typed, by place; addresses as they are kept. */
export const typedValues = (elements: readonly ExternalUserElement[], form: PageForm): string[] =>
  elements.map(({ type }, index) => {
    const typed = form.trimmed(fieldName(index)).normalize('NFC');
    return type === 'email' || type === 'phone' ? normalizeIdentifier(typed) : typed;
  });

/** What the provider said already, by place. */
export const prefilledValues = (elements: readonly ExternalUserElement[], claims: Claims): string[] =>
  elements.map((element) => {
    const [value] = valuesOf(claims, claimOf(element));
    const text = value === undefined ? '' : textOf(value);
    return text.length <= longestOf(element) ? text : '';
  });

const isFaulty = (element: ExternalUserElement, value: string): boolean => {
  if (value.length > longestOf(element)) return true;
  if (element.type === 'email' || element.type === 'phone') return !isIdentifier(element.type, value);
  if (element.type !== 'custom' || element.reg_ex === undefined) return false;
  return new ExpressionRun().matches(element.reg_ex, value) !== true;
};

/** What is wrong with what was typed, by place; undefined where nothing is. */
export const faultsOfValues = (
  scene: Scene,
  elements: readonly ExternalUserElement[],
  values: readonly string[],
): (string | undefined)[] =>
  elements.map((element, index) => {
    const value = values[index] ?? '';
    if (value === '') return element.required ? say(scene, 'field_missing') : undefined;
    if (!isFaulty(element, value)) return undefined;
    if (element.type !== 'custom') return say(scene, standard[element.type].fault);
    return element.error_message ?? say(scene, 'value_invalid');
  });

/** The fields of the page. */
export const fieldsOf = (
  scene: Scene,
  elements: readonly ExternalUserElement[],
  { values, faults = [] }: { values: readonly string[]; faults?: readonly (string | undefined)[] },
): Field[] =>
  elements.map((element, index) => ({
    name: fieldName(index),
    value: values[index] ?? '',
    error: faults[index],
    optional: !element.required,
    max_length: longestOf(element),
    ...(element.type === 'custom'
      ? { label: element.display_name, autocomplete: 'off' }
      : {
          label: say(scene, standard[element.type].label),
          autocomplete: standard[element.type].autocomplete,
          type: standard[element.type].type ?? ('text' as const),
        }),
  }));

const flags: Readonly<Record<string, string>> = { email: 'email_verified', phone_number: 'phone_number_verified' };

/** What was typed; an address is verified only as far as the provider says so of the very same one. */
const typedClaims = (elements: readonly ExternalUserElement[], values: readonly string[], given: Claims): Claims =>
  Object.fromEntries(
    elements.flatMap((element, index): [string, string | boolean][] => {
      const [claim, value] = [claimOf(element), values[index] ?? ''];
      if (value === '') return [];
      const flag = flags[claim];
      if (flag === undefined) return [[claim, value]];
      const isSame = String(given[claim]).toLowerCase() === value;
      return [
        [claim, value],
        [flag, isSame && given[flag] === true],
      ];
    }),
  );

/**
 * The claims of a new record, reference 4.2 of the control plane: those of the provider that it is to keep, what was typed,
 * then its transforms. What no record can have is left out.
 */
export const claimsOfNewRecord = (
  given: Claims,
  settings: Pick<LinkExternalUser, 'up_party_claims' | 'elements' | 'claim_transforms'>,
  values: readonly string[],
): Outcome<Claims, TransformFault> => {
  const wanted = settings.up_party_claims.filter((type) => Object.hasOwn(given, type));
  const kept: Claims = {
    ...Object.fromEntries(wanted.map((type) => [type, given[type]!])),
    ...typedClaims(settings.elements, values, given),
  };
  const transformed = transformClaims(kept, settings.claim_transforms);
  if (!transformed.ok) return fail(transformed.error);
  const usable = Object.entries(transformed.value.claims).filter(
    ([type, value]) => externalClaimFault(type, value) === undefined,
  );
  return ok(Object.fromEntries(usable));
};
