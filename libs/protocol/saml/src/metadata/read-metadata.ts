import type { KeyObject } from 'node:crypto';
import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import { namespaces } from '../names.js';
import { instantOf } from '../read-message-head.js';
import type { SamlError } from '../saml-error.js';
import { refuse, shown } from '../saml-error.js';
import type { AlgorithmPolicy } from '../trust/algorithms.js';
import { openDocument } from '../trust/open-document.js';
import { signatureIn, verifySignature } from '../trust/verify-signature.js';
import { metadataLimits } from '../xml/limits.js';
import type { XmlElement } from '../xml/xml-element.js';
import { attributeOf, childNamed, childrenNamed, isElement, requiredAttribute } from '../xml/xml-element.js';
import type { EntityMetadata } from './metadata.js';
import { readContacts, readOrganization } from './read-people.js';
import { readIdpRole, readSpRole } from './read-roles.js';

const { md } = namespaces;

/** What is expected of a metadata document. */
export interface MetadataExpectations {
  /** Unix seconds; metadata that has ended is refused. */
  readonly now: number;
  /** Which entity; needed when the document holds several. */
  readonly entity_id?: string;
  /** Keys of the publisher. When there are any, the document must be signed with one; without, a signature is not looked at. */
  readonly keys?: readonly KeyObject[];
  readonly policy?: AlgorithmPolicy;
}

/** All entities of the document, those of nested groups too. */
function entitiesIn(root: XmlElement): XmlElement[] {
  if (isElement(root, md, 'EntityDescriptor')) return [root];
  return [
    ...childrenNamed(root, md, 'EntityDescriptor'),
    ...childrenNamed(root, md, 'EntitiesDescriptor').flatMap(entitiesIn),
  ];
}

/** ISO 8601 duration to seconds; years and months are taken as 365 and 30 days. */
function durationOf(value: string | undefined): number | undefined {
  const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/.exec(
    value ?? '',
  );
  if (!match) return undefined;
  const [years, months, days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((years! * 365 + months! * 30 + days!) * 24 + hours!) * 3600 + minutes! * 60 + seconds!;
}

const least = (...values: (number | undefined)[]): number | undefined => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

function readRoot(source: string | Uint8Array, expected: MetadataExpectations): Outcome<XmlElement, SamlError> {
  const opened = openDocument(source, {
    roots: ['md:EntityDescriptor', 'md:EntitiesDescriptor'],
    limits: metadataLimits,
  });
  if (!opened.ok || !expected.keys || expected.keys.length === 0) return opened;
  if (!signatureIn(opened.value))
    return refuse('signature', 'signature_missing', 'The metadata must be signed, and is not.');
  return verifySignature(opened.value, { keys: expected.keys, policy: expected.policy ?? {}, limits: metadataLimits });
}

function chooseEntity(root: XmlElement, entity_id: string | undefined): Outcome<XmlElement, SamlError> {
  const entities = entitiesIn(root);
  const matching =
    entity_id === undefined ? entities : entities.filter((e) => attributeOf(e, 'entityID') === entity_id);
  const [entity, ...more] = matching;
  if (entity && more.length === 0) return ok(entity);
  const found = entities
    .slice(0, 5)
    .map((e) => shown(attributeOf(e, 'entityID')))
    .join(', ');
  return refuse('entity', 'metadata_unusable', `Expected one entity ${shown(entity_id)}, the document has ${found}.`);
}

/**
 * Reads the metadata of a party. SAML Metadata 2; the parts that are not about browser single sign-on are passed over.
 * @param source the document, at most 200 000 bytes
 * @returns its roles, or why the document is refused
 */
export function readMetadata(
  source: string | Uint8Array,
  expected: MetadataExpectations,
): Outcome<EntityMetadata, SamlError> {
  const root = readRoot(source, expected);
  if (!root.ok) return root;
  const chosen = chooseEntity(root.value, expected.entity_id);
  if (!chosen.ok) return chosen;
  const entity = chosen.value;
  const valid_until = least(instantOf(root.value, 'validUntil'), instantOf(entity, 'validUntil'));
  if (valid_until !== undefined && valid_until <= expected.now) {
    return refuse('validity', 'expired', `The metadata ended ${expected.now - valid_until} s ago.`);
  }
  const idp = readIdpRole(entity);
  const sp = readSpRole(entity);
  if (!idp && !sp)
    return refuse('roles', 'metadata_unusable', 'The entity has no role of SAML 2.0 browser single sign-on.');
  return ok({
    entity_id: requiredAttribute(entity, 'entityID'),
    valid_until,
    cache_duration: least(
      durationOf(attributeOf(root.value, 'cacheDuration')),
      durationOf(attributeOf(entity, 'cacheDuration')),
    ),
    idp,
    sp,
    organization: readOrganization(childNamed(entity, md, 'Organization')),
    contact_persons: readContacts(childrenNamed(entity, md, 'ContactPerson')),
  });
}
