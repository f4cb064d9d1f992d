import { fail, ok, type Outcome } from '@corsac/outcome';
import { isName } from '../names/names.js';
import type { BindingStyle } from '../parties/party.js';

/** Most up-parties that one address may name, reference 1.2. */
export const maxBoundUpParties = 4;

/** `*` in a binding: every up-party that the down-party allows. */
export const everyUpParty = '*';

/** What the third segment of an address says: a down-party with the up-parties that may be used, or an up-party alone. */
export interface PartyPath {
  /** Name of the down-party; undefined when the segment names an up-party alone, as in `(azure)`. */
  readonly party?: string;
  /** The binding as asked: names in their order, `['*']`, or undefined when there is none. */
  readonly upParties?: readonly string[];
  /** The style that the segment was written in; brackets when there is no binding. */
  readonly style: BindingStyle;
}

const delimiters: Record<BindingStyle, readonly [string, string]> = {
  brackets: ['(', ')'],
  tildes: ['~', '~'],
  dots: ['.', '.'],
};

const styles = Object.entries(delimiters) as [BindingStyle, readonly [string, string]][];

/** The names between the delimiters: one to four different names, or a lone `*`; no blanks, nothing empty. */
const parseNames = (text: string): readonly string[] | undefined => {
  const names = text.split(',');
  if (text === everyUpParty) return names;
  const fits = names.length <= maxBoundUpParties && names.every(isName) && new Set(names).size === names.length;
  return fits ? names : undefined;
};

const parseBound = (
  segment: string,
  style: BindingStyle,
  [open, close]: readonly [string, string],
): PartyPath | undefined => {
  const start = segment.indexOf(open);
  const end = segment.length - 1;
  if (start < 0 || end <= start || segment[end] !== close) return undefined;
  const party = segment.slice(0, start);
  const upParties = parseNames(segment.slice(start + 1, end));
  if (!upParties || (party !== '' && !isName(party))) return undefined;
  if (party !== '') return { party, upParties, style };
  return upParties.length === 1 && upParties[0] !== everyUpParty ? { upParties, style } : undefined;
};

/**
 * Reads the party segment of an address by the strict grammar of reference 1.2.
 * @param segment the path segment, percent-decoded exactly once; names compare exactly, upper case is no name
 * @returns the parts, or `malformed` with nothing more: a guess at what was meant would be a second grammar
 */
export const parsePartyPath = (segment: string): Outcome<PartyPath, 'malformed'> => {
  if (isName(segment)) return ok({ party: segment, style: 'brackets' });
  for (const [style, pair] of styles) {
    const path = parseBound(segment, style, pair);
    if (path) return ok(path);
  }
  return fail('malformed');
};

/**
 * Writes a party segment. Brackets stay raw, as the issuer needs them (spec 1, Issuers).
 * @param path what `parsePartyPath` gave, or a party with up-parties
 * @param style by default the one the path was read in
 */
export const formatPartyPath = (path: PartyPath, style: BindingStyle = path.style): string => {
  const [open, close] = delimiters[style];
  return (path.party ?? '') + (path.upParties ? `${open}${path.upParties.join(',')}${close}` : '');
};
