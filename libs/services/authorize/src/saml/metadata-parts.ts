import type { MetadataKey, Signer } from '@corsac/saml';
import { keyAlgOf } from './sign.js';
import type { TrackCertificate } from './track-keys.js';

/** SAML Metadata 4.1.1. */
export const metadataType = 'application/samlmetadata+xml';

/** A key that comes is shown long before it signs, so an hour in somebody's cache does no harm. */
export const metadataCache = 'public, max-age=3600';

/**
 * Keys as metadata shows them: for signatures those to come, in use and in use of late, so that a peer that reads seldom
 * misses no rotation, of the kind that signs for this peer; to encrypt for, the RSA key in use.
 */
export const keyDescriptors = (
  certificates: readonly TrackCertificate[],
  { algorithm, withEncryption }: { readonly algorithm: Signer['algorithm']; readonly withEncryption: boolean },
): MetadataKey[] => [
  ...certificates
    .filter(({ alg }) => alg === keyAlgOf(algorithm))
    .map(({ certificate }) => ({ use: 'signing' as const, certificate })),
  ...certificates
    .filter(({ alg, state }) => withEncryption && alg === 'RS256' && state === 'current')
    .map(({ certificate }) => ({ use: 'encryption' as const, certificate })),
];
