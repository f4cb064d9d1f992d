import { createPublicKey } from 'node:crypto';
import { exportPrivateKey, exportPublicJwk, generateSigningKey, type SigningAlg } from '@corsac/jwt';
import type { Sealer } from '@corsac/data';
import { selfSignedCertificate } from './certificate.js';
import type { TrackName } from './key-store.js';
import { sealPurpose } from './track-keys.js';
import type { MadeKey } from './track-key.js';

/** Partners only take the key out of it, but some refuse an expired one: it outlives every rotation interval that can be set. */
const certificateLifetime = 10 * 365 * 86_400;

/**
 * Makes a key, its certificate (RS256 and ES256 keys sign SAML messages as well) and its sealed form. RSA takes 50 to 200 ms of a
 * pool thread: never on a request.
 */
export const makeKey = async (
  alg: SigningAlg,
  name: TrackName,
  { sealer, now }: { readonly sealer: Pick<Sealer, 'seal'>; readonly now: number },
): Promise<MadeKey> => {
  const key = await generateSigningKey(alg);
  const made = { kid: key.kid, alg, jwk: exportPublicJwk(key), created: now };
  const sealed = sealer.seal(exportPrivateKey(key), { purpose: sealPurpose, ...name });
  if (alg !== 'RS256' && alg !== 'ES256') return { ...made, sealed };
  const certificate = selfSignedCertificate(createPublicKey(key.privateKey), key.privateKey, {
    commonName: `Corsac ${name.tenant}/${name.track}`,
    notBefore: now - 3600,
    notAfter: now + certificateLifetime,
  });
  return { ...made, sealed, certificate };
};
