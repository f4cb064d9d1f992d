import type { MetadataKey } from '@corsac/saml';
import type { TrackCertificate } from './track-keys.js';

/** SAML Metadata 4.1.1. */
export const metadataType = 'application/samlmetadata+xml';

/** A key that comes is shown long before it signs, so an hour in somebody's cache does no harm. */
export const metadataCache = 'public, max-age=3600';

/**
 * Keys as metadata shows them: for signatures those to come, in use and in use of late, so that a peer that reads seldom
 * misses no rotation; to encrypt for, the one in use.
 */
export const keyDescriptors = (certificates: readonly TrackCertificate[], withEncryption: boolean): MetadataKey[] => [
  ...certificates.map(({ certificate }) => ({ use: 'signing' as const, certificate })),
  ...certificates
    .filter(({ state }) => withEncryption && state === 'current')
    .map(({ certificate }) => ({ use: 'encryption' as const, certificate })),
];
