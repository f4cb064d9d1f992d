import type { MessageHead } from './message-parts.js';
import { readIssuer } from './message-parts.js';
import { readInstant } from './time.js';
import type { XmlElement } from './xml/xml-element.js';
import { attributeOf, requiredAttribute } from './xml/xml-element.js';

/** An instant out of an attribute, in unix seconds. */
export function instantOf(element: XmlElement | undefined, name: string): number | undefined {
  const value = attributeOf(element, name);
  return value === undefined ? undefined : readInstant(value);
}

/**
 * Reads what every message says about itself. The schema check made sure that the required parts are there; an issuer
 * that is missing is read as empty and matches no party.
 */
export function readMessageHead(element: XmlElement): MessageHead {
  return {
    id: requiredAttribute(element, 'ID'),
    issuer: readIssuer(element) ?? '',
    issued_at: instantOf(element, 'IssueInstant') ?? 0,
    destination: attributeOf(element, 'Destination'),
  };
}
