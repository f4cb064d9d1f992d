import type { KeyObject } from 'node:crypto';
import { constants, hash, sign, verify } from 'node:crypto';

type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** What a signature algorithm identifier means. There is no HMAC and no DSA: a key can never be used as another kind. */
interface SignatureScheme {
  readonly hash: Hash;
  readonly key: 'rsa' | 'ec';
  readonly pss?: true;
}

const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
const XMLDSIG_MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const XMLDSIG_MORE_2007 = 'http://www.w3.org/2007/05/xmldsig-more#';
const XMLENC = 'http://www.w3.org/2001/04/xmlenc#';

/** What a party opts in to, against advice. */
export interface AlgorithmPolicy {
  /** Accept RSA-SHA1 and SHA-1 digests from this party. */
  readonly allow_sha1?: boolean;
  /** Accept assertions encrypted with AES-CBC, which a padding oracle can open. */
  readonly allow_cbc?: boolean;
}

/** Signature algorithm identifiers. RFC 9231 2.3; XML Signature 6.4. */
export const signatureAlgorithms = {
  'rsa-sha1': `${XMLDSIG}rsa-sha1`,
  'rsa-sha256': `${XMLDSIG_MORE}rsa-sha256`,
  'rsa-sha384': `${XMLDSIG_MORE}rsa-sha384`,
  'rsa-sha512': `${XMLDSIG_MORE}rsa-sha512`,
  'rsa-pss-sha256': `${XMLDSIG_MORE_2007}sha256-rsa-MGF1`,
  'rsa-pss-sha384': `${XMLDSIG_MORE_2007}sha384-rsa-MGF1`,
  'rsa-pss-sha512': `${XMLDSIG_MORE_2007}sha512-rsa-MGF1`,
  'ecdsa-sha256': `${XMLDSIG_MORE}ecdsa-sha256`,
  'ecdsa-sha384': `${XMLDSIG_MORE}ecdsa-sha384`,
  'ecdsa-sha512': `${XMLDSIG_MORE}ecdsa-sha512`,
} as const;

/** The short name of an algorithm that we sign with, as settings spell it. SHA-1 is not among them. */
export type SignatureAlgorithm = Exclude<keyof typeof signatureAlgorithms, 'rsa-sha1'>;

const schemes: ReadonlyMap<string, SignatureScheme> = new Map<string, SignatureScheme>([
  [signatureAlgorithms['rsa-sha1'], { hash: 'sha1', key: 'rsa' }],
  [signatureAlgorithms['rsa-sha256'], { hash: 'sha256', key: 'rsa' }],
  [signatureAlgorithms['rsa-sha384'], { hash: 'sha384', key: 'rsa' }],
  [signatureAlgorithms['rsa-sha512'], { hash: 'sha512', key: 'rsa' }],
  [signatureAlgorithms['rsa-pss-sha256'], { hash: 'sha256', key: 'rsa', pss: true }],
  [signatureAlgorithms['rsa-pss-sha384'], { hash: 'sha384', key: 'rsa', pss: true }],
  [signatureAlgorithms['rsa-pss-sha512'], { hash: 'sha512', key: 'rsa', pss: true }],
  [signatureAlgorithms['ecdsa-sha256'], { hash: 'sha256', key: 'ec' }],
  [signatureAlgorithms['ecdsa-sha384'], { hash: 'sha384', key: 'ec' }],
  [signatureAlgorithms['ecdsa-sha512'], { hash: 'sha512', key: 'ec' }],
]);

const digestIdentifiers: Readonly<Record<Hash, string>> = {
  sha1: `${XMLDSIG}sha1`,
  sha256: `${XMLENC}sha256`,
  sha384: `${XMLDSIG_MORE}sha384`,
  sha512: `${XMLENC}sha512`,
};

const digestHashes: ReadonlyMap<string, Hash> = new Map(
  (Object.keys(digestIdentifiers) as Hash[]).map((hash) => [digestIdentifiers[hash], hash]),
);

const curves: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Is the signature algorithm on the list, under this policy? */
export function acceptsSignatureAlgorithm(identifier: string, policy: AlgorithmPolicy): boolean {
  const scheme = schemes.get(identifier);
  return scheme !== undefined && (scheme.hash !== 'sha1' || policy.allow_sha1 === true);
}

/** Is the digest algorithm on the list, under this policy? */
export function acceptsDigestAlgorithm(identifier: string, policy: AlgorithmPolicy): boolean {
  const hash = digestHashes.get(identifier);
  return hash !== undefined && (hash !== 'sha1' || policy.allow_sha1 === true);
}

/** Hashes with an accepted digest algorithm. */
export function digest(identifier: string, text: string): Buffer {
  return hash(digestHashes.get(identifier) ?? 'sha256', text, 'buffer');
}

/** The digest identifier that goes with a signature algorithm of ours. */
export function digestFor(algorithm: SignatureAlgorithm): string {
  return digestIdentifiers[schemes.get(signatureAlgorithms[algorithm])?.hash ?? 'sha256'];
}

/** What a key can do here: RSA of 2048 bits or more, or a usual curve. A secret, a short key or another kind can do nothing. */
export function usableKeyType(key: KeyObject): 'rsa' | 'ec' | undefined {
  if (key.type === 'secret') return undefined;
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return modulusLength >= 2048 ? 'rsa' : undefined;
  return key.asymmetricKeyType === 'ec' && curves.has(namedCurve) ? 'ec' : undefined;
}

const fits = (key: KeyObject, scheme: SignatureScheme): boolean => usableKeyType(key) === scheme.key;

/** RFC 9231 2.3.6: ECDSA values stand side by side. RFC 9231 2.3.9: the salt of PSS is as long as the hash. */
function keyInput(key: KeyObject, scheme: SignatureScheme) {
  if (scheme.key === 'ec') return { key, dsaEncoding: 'ieee-p1363' as const };
  if (!scheme.pss) return { key };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

/**
 * Checks a signature with the first key that verifies it.
 * @param identifier an accepted algorithm
 * @param signed what was signed, as text
 * @param value the signature
 * @param keys the party's keys; those of another kind or too short are passed over
 */
export function verifiesWith(
  identifier: string,
  signed: string,
  value: Uint8Array,
  keys: readonly KeyObject[],
): boolean {
  const scheme = schemes.get(identifier);
  if (!scheme) return false;
  const bytes = Buffer.from(signed, 'utf8');
  return keys.some((key) => fits(key, scheme) && verify(scheme.hash, bytes, keyInput(key, scheme), value));
}

/**
 * Signs with a private key: what the owner of the key calls when it is asked to sign.
 * @param identifier a signature algorithm identifier; SHA-1 is never signed with
 * @returns the signature, or undefined when the key cannot do the algorithm
 */
export function signBytes(identifier: string, bytes: Uint8Array, privateKey: KeyObject): Buffer | undefined {
  const scheme = schemes.get(identifier);
  if (!scheme || scheme.hash === 'sha1' || !fits(privateKey, scheme)) return undefined;
  return sign(scheme.hash, bytes, keyInput(privateKey, scheme));
}
