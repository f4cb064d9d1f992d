import type { KeyObject } from 'node:crypto';
import { X509Certificate } from 'node:crypto';
import type { Outcome } from '@corsac/outcome';
import { ok } from '@corsac/outcome';
import type { SamlError } from '../saml-error.js';
import { refuse } from '../saml-error.js';
import { usableKeyType } from './algorithms.js';

/** What a certificate says. SAML uses it as a wrapper of a key; no chain is followed. */
export interface CertificateKey {
  readonly key: KeyObject;
  /** Assertions can be encrypted for an RSA key only. */
  readonly key_type: 'rsa' | 'ec';
  /** Base64 of the DER, as KeyInfo and metadata carry it. */
  readonly certificate: string;
  /** Unix seconds. */
  readonly not_before: number;
  readonly not_after: number;
  readonly subject: string;
  /** Upper-case hexadecimal without colons. */
  readonly sha256_fingerprint: string;
}

const seconds = (date: string): number => Math.floor(Date.parse(date) / 1000);

function parse(certificate: string): X509Certificate | undefined {
  if (!/^[A-Za-z0-9+/]{100,20000}={0,2}$/.test(certificate)) return undefined;
  try {
    return new X509Certificate(Buffer.from(certificate, 'base64'));
  } catch {
    return undefined;
  }
}

/**
 * Reads a certificate as administrators paste it and metadata carries it: PEM, or the bare base64 of the DER.
 * @returns the key and what goes with it; the key is worth keeping, reading it costs more than checking a signature
 */
export function readCertificate(text: string): Outcome<CertificateKey, SamlError> {
  const certificate = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s+/g, '');
  const x509 = parse(certificate);
  if (!x509) {
    return refuse(
      'certificate',
      'certificate_invalid',
      'The certificate is not an X.509 certificate in PEM or base64.',
    );
  }
  const key_type = usableKeyType(x509.publicKey);
  if (!key_type) {
    const text = 'The key of the certificate must be RSA of at least 2048 bits, or on the curve P-256, P-384 or P-521.';
    return refuse('certificate', 'certificate_invalid', text);
  }
  return ok({
    key: x509.publicKey,
    key_type,
    certificate,
    not_before: seconds(x509.validFrom),
    not_after: seconds(x509.validTo),
    subject: x509.subject,
    sha256_fingerprint: x509.fingerprint256.replace(/:/g, ''),
  });
}
