import { z } from 'zod';
import { question } from '../contract/contract.js';
import { name } from '../contract/fields.js';

const fingerprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** A secret of a down-party that was right, and what it is found by under the first master key. */
export const renewedFingerprint = z.object({
  tenant: name,
  track: name,
  party: name,
  /** Id of the secret within the party. */
  secret: z.string().max(64),
  /** What it was found by until now; left out when it had nothing. Another one there meanwhile stays. */
  before: z.string().max(100).optional(),
  fingerprint,
});
export type RenewedFingerprint = z.infer<typeof renewedFingerprint>;

/**
 * Keeps fingerprints of secrets that were made under an older master key, or were imported without, so that the older key can
 * be dropped. Nobody is told: who still has the old fingerprint finds the secret by the older key.
 */
export const renewFingerprints = question({
  subject: 'corsac.config.v1.secret_fingerprints.renew',
  owner: 'config',
  askers: ['token'],
  request: z.object({ secrets: z.array(renewedFingerprint).min(1).max(100) }),
  response: z.object({ renewed: z.number().int() }),
  refusals: [],
  safe_to_retry: true,
});
