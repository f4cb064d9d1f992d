import { z } from 'zod';
import { brakesSchema } from '../brakes/settings.js';
import { claimTypeSchema, samlClaimTypeSchema } from '../claims/claims.js';
import { signingAlgSchema } from '../parties/down/client.js';
import { originSchema } from '../parties/urls.js';
import { passwordPolicySchema } from '../passwords/settings.js';
import { sealableInputSchema, sealedSecretSchema } from '../secrets/secret.js';

const day = 86_400;

const keys = z
  .strictObject({
    signing_algs: z
      .array(signingAlgSchema)
      .min(1)
      .refine((algs) => algs.includes('RS256'), { message: 'must include RS256, which every track has' })
      .default(['RS256']),
    default_signing_alg: signingAlgSchema.default('RS256'),
    rotation_interval: z
      .int()
      .min(day)
      .max(730 * day)
      .default(90 * day)
      .meta({ description: 'A key signs for so long; seconds.' }),
    publish_before_use: z
      .int()
      .min(3600)
      .max(30 * day)
      .default(7 * day)
      .meta({ description: 'A new key is published so long before it signs; seconds.' }),
    keep_after_use: z
      .int()
      .min(3600)
      .max(90 * day)
      .default(7 * day)
      .meta({ description: 'An old key stays published so long after it signed; seconds.' }),
  })
  .refine((value) => value.signing_algs.includes(value.default_signing_alg), {
    path: ['default_signing_alg'],
    message: 'must be one of signing_algs',
  });

const claimMapping = z.strictObject({ jwt_claim: claimTypeSchema, saml_claim: samlClaimTypeSchema });

const culture = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en or da');
const texts = z.record(culture, z.record(z.string().min(1).max(100), z.string().max(2000)));

const mailShape = {
  from_email: z.email().max(100),
  from_name: z.string().max(100).optional(),
  smtp_host: z.string().min(1).max(200),
  smtp_port: z.int().min(1).max(65_535).default(587),
  smtp_tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
  smtp_username: z.string().max(200).optional(),
};

const mail = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({ ...mailShape, smtp_password: secret.optional() });

const shape = {
  sequence_lifetime: z
    .int()
    .min(30)
    .max(18_000)
    .default(7200)
    .meta({ description: 'A browser journey may take so long; seconds.' }),
  journey_retention: z
    .int()
    .min(0)
    .max(365 * day)
    .default(7 * day)
    .meta({ description: 'Journeys are shown in Control for so long; seconds.' }),
  audit_retention: z
    .int()
    .min(day)
    .max(3650 * day)
    .default(400 * day),
  brakes: brakesSchema.prefault({}),
  passwords: passwordPolicySchema.prefault({}),
  keys: keys.prefault({}),
  claim_mappings: z.array(claimMapping).max(100).default([]),
  texts: texts.default({}),
  default_language: culture.default('en'),
  allow_iframe_on_domains: z.array(originSchema).max(40).default([]),
};

const settingsWith = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({ ...shape, mail: mail(secret).optional() });

/** Settings of a track as somebody writes them. */
export const writtenTrackSettingsSchema = settingsWith(sealableInputSchema);

/** Settings of a track as they are kept and sent to the services. */
export const trackSettingsSchema = settingsWith(sealedSecretSchema);

export type WrittenTrackSettings = z.output<typeof writtenTrackSettingsSchema>;
export type TrackSettings = z.output<typeof trackSettingsSchema>;

/** Settings of a track that says nothing. */
export const defaultTrackSettings: TrackSettings = trackSettingsSchema.parse({});
