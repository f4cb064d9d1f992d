import { escapeAttribute, escapeText } from './canonicalize.js';
import { replaceForbidden } from './characters.js';

declare const written: unique symbol;

/** Text that is well-formed XML in canonical form. Only the functions here make it, so nothing gets in unescaped. */
export type Xml = string & { readonly [written]: true };

/** Nothing. */
export const noXml = '' as Xml;

/** Character data. A character that XML 1.0 does not have becomes U+FFFD. */
export function text(value: string): Xml {
  return escapeText(replaceForbidden(value)) as Xml;
}

/**
 * One element. The caller names attributes in canonical order (xmlns first, then by name) and declares a prefix where it
 * is first used; a test compares every message with its canonical form, so that signing needs no canonicalisation.
 * @param name with its prefix
 * @param attributes left out where undefined
 * @param children in order
 */
export function tag(name: string, attributes: Readonly<Record<string, string | undefined>>, ...children: Xml[]): Xml {
  let start = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) start += ` ${key}="${escapeAttribute(replaceForbidden(value))}"`;
  }
  return `${start}>${children.join('')}</${name}>` as Xml;
}

/** Several pieces, one after the other. */
export function joined(pieces: readonly Xml[]): Xml {
  return pieces.join('') as Xml;
}

/** `true`, or nothing: the schema's default is false everywhere. */
export function trueOrAbsent(value: boolean | undefined): string | undefined {
  return value ? 'true' : undefined;
}
