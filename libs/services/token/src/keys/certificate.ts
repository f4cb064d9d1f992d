import { hash, type KeyObject, sign } from 'node:crypto';
import * as der from './der.js';

const commonName = '2.5.4.3';
const sha256WithRsa = '1.2.840.113549.1.1.11';
const sha256WithEcdsa = '1.2.840.10045.4.3.2';
const basicConstraints = '2.5.29.19';
const keyUsage = '2.5.29.15';

export interface CertificateSubject {
  /** At most 64 characters count (RFC 5280 appendix A, ub-common-name). */
  readonly commonName: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

const nameOf = (text: string): Buffer =>
  der.sequence(der.set(der.sequence(der.objectIdentifier(commonName), der.utf8String(text.slice(0, 64)))));

/** RFC 4055 5 wants parameters with RSA, RFC 5758 3.2 none with ECDSA. */
const signatureAlgorithm = (isRsa: boolean): Buffer =>
  isRsa
    ? der.sequence(der.objectIdentifier(sha256WithRsa), der.nothing())
    : der.sequence(der.objectIdentifier(sha256WithEcdsa));

/** digitalSignature, and for RSA keyEncipherment. RFC 5280 4.2.1.3. */
const usageOf = (isRsa: boolean): Buffer =>
  isRsa ? der.bitString(Buffer.of(0b1010_0000), 5) : der.bitString(Buffer.of(0b1000_0000), 7);

/** Not a CA; signs messages, and an RSA key opens content keys. RFC 5280 4.2.1.3 and 4.2.1.9. */
const extensions = (isRsa: boolean): Buffer =>
  der.tagged(
    3,
    der.sequence(
      der.sequence(der.objectIdentifier(basicConstraints), der.boolean(true), der.octetString(der.sequence())),
      der.sequence(der.objectIdentifier(keyUsage), der.boolean(true), der.octetString(usageOf(isRsa))),
    ),
  );

/**
 * A self-signed certificate around an RSA or P-256 key: SAML partners find the key in it, nobody derives trust from it. RFC 5280 4.1.
 * @returns base64 of the DER, as metadata carries it
 */
export const selfSignedCertificate = (
  publicKey: KeyObject,
  privateKey: KeyObject,
  { commonName: name, notBefore, notAfter }: CertificateSubject,
): string => {
  const subjectPublicKeyInfo = publicKey.export({ format: 'der', type: 'spki' });
  const isRsa = publicKey.asymmetricKeyType === 'rsa';
  const algorithm = signatureAlgorithm(isRsa);
  const serial = hash('sha256', subjectPublicKeyInfo, 'buffer').subarray(0, 16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const toBeSigned = der.sequence(
    der.tagged(0, der.integer(Buffer.of(2))),
    der.integer(serial),
    algorithm,
    nameOf(name),
    der.sequence(der.time(notBefore), der.time(notAfter)),
    nameOf(name),
    subjectPublicKeyInfo,
    extensions(isRsa),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  return der.sequence(toBeSigned, algorithm, der.bitString(signature)).toString('base64');
};
