import type { KeyObject } from 'node:crypto';
import { timingSafeEqual } from 'node:crypto';
import type { Outcome } from '@corsac/outcome';
import { fail } from '@corsac/outcome';
import { namespaces } from '../names.js';
import type { SamlError } from '../saml-error.js';
import { refuse, shown } from '../saml-error.js';
import { canonicalize } from '../xml/canonicalize.js';
import type { XmlLimits } from '../xml/limits.js';
import { parseXml } from '../xml/parse-xml.js';
import type { XmlElement } from '../xml/xml-element.js';
import { attributeOf, childElements, childNamed, childrenNamed, isElement, textOf } from '../xml/xml-element.js';
import type { AlgorithmPolicy } from './algorithms.js';
import { acceptsDigestAlgorithm, acceptsSignatureAlgorithm, digest, verifiesWith } from './algorithms.js';

/** Who may have signed, and how. The keys are the party's; what a message says about keys is never looked at. */
export interface SignatureTrust {
  readonly keys: readonly KeyObject[];
  readonly policy: AlgorithmPolicy;
  readonly limits: XmlLimits;
}

interface SignatureParts extends SignatureTrust {
  readonly holder: XmlElement;
  readonly signature: XmlElement;
  readonly signedInfo: XmlElement;
  readonly reference: XmlElement;
}

type SignatureStep = (parts: SignatureParts) => SamlError | undefined;

const { ds } = namespaces;
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const WITH_COMMENTS = `${EXCLUSIVE}WithComments`;
const ENVELOPED = `${ds}enveloped-signature`;

const no = (step: string, reason: SamlError['reason'], message: string): SamlError => ({ step, reason, message });

const algorithmOf = (parent: XmlElement, local: string): string =>
  attributeOf(childNamed(parent, ds, local), 'Algorithm') ?? '';

const isExclusive = (algorithm: string | undefined): boolean => algorithm === EXCLUSIVE || algorithm === WITH_COMMENTS;

const compactBase64 = (element: XmlElement | undefined): Buffer =>
  Buffer.from(element ? textOf(element) : '', 'base64');

/** Exclusive C14N 4: the only parameter of exclusive canonicalisation. Undefined when anything else stands there. */
function inclusivePrefixes(method: XmlElement | undefined): readonly string[] | undefined {
  const [parameter, ...more] = method ? childElements(method) : [];
  if (!parameter) return [];
  if (more.length > 0 || !isElement(parameter, EXCLUSIVE, 'InclusiveNamespaces')) return undefined;
  if (parameter.children.length > 0) return undefined;
  const list = (attributeOf(parameter, 'PrefixList') ?? '').split(/[ \t\n]+/).filter((prefix) => prefix !== '');
  return list.length > 16 ? undefined : list.map((prefix) => (prefix === '#default' ? '' : prefix));
}

const transformsOf = (reference: XmlElement): XmlElement[] =>
  childElements(childNamed(reference, ds, 'Transforms') ?? reference).filter((e) => isElement(e, ds, 'Transform'));

const exclusiveOf = (reference: XmlElement): XmlElement | undefined =>
  transformsOf(reference).find((transform) => isExclusive(attributeOf(transform, 'Algorithm')));

const canonicalizationMethod: SignatureStep = ({ signedInfo }) => {
  const method = childNamed(signedInfo, ds, 'CanonicalizationMethod');
  const algorithm = attributeOf(method, 'Algorithm');
  if (isExclusive(algorithm) && inclusivePrefixes(method)) return undefined;
  return no(
    'canonicalization',
    'signature_profile',
    `Only exclusive canonicalisation is accepted, got ${shown(algorithm)}.`,
  );
};

const signatureMethod: SignatureStep = ({ signedInfo, policy }) => {
  const algorithm = algorithmOf(signedInfo, 'SignatureMethod');
  if (acceptsSignatureAlgorithm(algorithm, policy)) return undefined;
  return no('signature_method', 'algorithm_refused', `The signature algorithm ${shown(algorithm)} is not accepted.`);
};

/** SAML Core 5.4.2: one reference, to the element that holds the signature, by that element's own ID. */
const oneReference: SignatureStep = ({ signedInfo, reference, holder }) => {
  const id = attributeOf(holder, 'ID');
  const uri = attributeOf(reference, 'URI');
  if (childrenNamed(signedInfo, ds, 'Reference').length === 1 && id && uri === `#${id}`) return undefined;
  return no(
    'reference',
    'signature_profile',
    `The signature must cover ${shown(id)} and only that, got ${shown(uri)}.`,
  );
};

/** XMLDSig 6.6.4: enveloped-signature takes no parameter. Some peers repeat the prefix list there, where it has no effect. */
const saysNothing = (transform: XmlElement | undefined): boolean =>
  transform?.children.every((child) => {
    return typeof child !== 'string' && child.local === 'InclusiveNamespaces' && child.children.length === 0;
  }) ?? false;

/** SAML Core 5.4.4: enveloped-signature, then exclusive canonicalisation, nothing else. */
const transforms: SignatureStep = ({ reference }) => {
  const found = transformsOf(reference);
  const names = found.map((transform) => attributeOf(transform, 'Algorithm'));
  const inOrder = names.length === 2 && names[0] === ENVELOPED && isExclusive(names[1]);
  if (inOrder && saysNothing(found[0]) && inclusivePrefixes(found[1])) return undefined;
  return no('transforms', 'signature_profile', `These transforms are not accepted: ${shown(names.join(' '))}.`);
};

const digestMethod: SignatureStep = ({ reference, policy }) => {
  const algorithm = algorithmOf(reference, 'DigestMethod');
  if (acceptsDigestAlgorithm(algorithm, policy)) return undefined;
  return no('digest_method', 'algorithm_refused', `The digest algorithm ${shown(algorithm)} is not accepted.`);
};

const keysThere: SignatureStep = ({ keys }) =>
  keys.length > 0 ? undefined : no('keys', 'key_missing', 'The party has no key to check its signature with.');

/** Before the digest, so that work on the content is done for the owner of the key only. */
const signatureValue: SignatureStep = ({ signature, signedInfo, keys }) => {
  const prefixes = inclusivePrefixes(childNamed(signedInfo, ds, 'CanonicalizationMethod')) ?? [];
  const signed = canonicalize(signedInfo, { inclusivePrefixes: prefixes });
  const value = compactBase64(childNamed(signature, ds, 'SignatureValue'));
  if (verifiesWith(algorithmOf(signedInfo, 'SignatureMethod'), signed, value, keys)) return undefined;
  return no('signature_value', 'signature_invalid', 'None of the keys of the party verifies the signature.');
};

/** In order; the content is looked at only when everything said about it has passed. XML Signature 3.2. */
export const signatureSteps = [
  { name: 'canonicalization', check: canonicalizationMethod },
  { name: 'signature_method', check: signatureMethod },
  { name: 'reference', check: oneReference },
  { name: 'transforms', check: transforms },
  { name: 'digest_method', check: digestMethod },
  { name: 'keys', check: keysThere },
  { name: 'signature_value', check: signatureValue },
] as const satisfies readonly { name: string; check: SignatureStep }[];

/** The bytes that the digest covers, when it does. */
function coveredBytes({ holder, signature, reference }: SignatureParts): string | undefined {
  const prefixes = inclusivePrefixes(exclusiveOf(reference)) ?? [];
  const content = canonicalize(holder, { inclusivePrefixes: prefixes, omit: signature });
  const expected = compactBase64(childNamed(reference, ds, 'DigestValue'));
  const actual = digest(algorithmOf(reference, 'DigestMethod'), content);
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? content : undefined;
}

/** The signature that the element holds itself, if it holds one. */
export function signatureIn(holder: XmlElement): XmlElement | undefined {
  return childNamed(holder, ds, 'Signature');
}

/**
 * Checks the signature that an element holds and gives back the element as read anew from the very bytes that the
 * signature covers. Only that may be read from; the tree that came in is done with.
 * @param holder an element of a document that `openDocument` opened
 * @param trust keys of the party from its configuration, its policy, bounds
 * @returns the signed element, or the first rule of the signature's profile that is broken
 */
export function verifySignature(holder: XmlElement, trust: SignatureTrust): Outcome<XmlElement, SamlError> {
  const [signature, ...more] = childrenNamed(holder, ds, 'Signature');
  if (!signature) return refuse('signature', 'signature_missing', `${holder.local} is not signed.`);
  const signedInfo = childNamed(signature, ds, 'SignedInfo');
  const reference = childNamed(signedInfo, ds, 'Reference');
  if (more.length > 0 || !signedInfo || !reference) {
    return refuse('signature', 'signature_profile', `${holder.local} must hold one signature with one reference.`);
  }
  const parts: SignatureParts = { ...trust, holder, signature, signedInfo, reference };
  for (const { check } of signatureSteps) {
    const error = check(parts);
    if (error) return fail(error);
  }
  const content = coveredBytes(parts);
  if (content === undefined) {
    return refuse(
      'digest',
      'signature_invalid',
      `${holder.local} was changed after it was signed: the digest differs.`,
    );
  }
  const reread = parseXml(content, trust.limits);
  return reread.ok ? reread : refuse('digest', 'xml_invalid', `What was signed cannot be read: ${reread.error}.`);
}
