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
      .default(['RS256'])
      .describe('Algorithms for which the track has a key.'),
    default_signing_alg: signingAlgSchema
      .default('RS256')
      .describe('Signs access tokens, and what clients have not chosen an algorithm for.'),
    rotation_interval: z
      .int()
      .min(day)
      .max(730 * day)
      .default(90 * day)
      .describe('Seconds for which a key signs before the next one does.'),
    publish_before_use: z
      .int()
      .min(3600)
      .max(30 * day)
      .default(7 * day)
      .describe('Seconds for which a new key is published before it signs.'),
    keep_after_use: z
      .int()
      .min(3600)
      .max(90 * day)
      .default(7 * day)
      .describe('Seconds for which a key stays published after it last signed; at least a day, whatever is written.'),
  })
  .refine((value) => value.signing_algs.includes(value.default_signing_alg), {
    path: ['default_signing_alg'],
    message: 'must be one of signing_algs',
  });

const claimMapping = z.strictObject({
  jwt_claim: claimTypeSchema.describe('Name of the claim inside Corsac and in tokens.'),
  saml_claim: samlClaimTypeSchema.describe('Name of the attribute in assertions.'),
});

const culture = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language such as en or da');
const texts = z.record(culture, z.record(z.string().min(1).max(100), z.string().max(2000)));

const mailShape = {
  from_email: z.email().max(100).describe('Address that mails come from.'),
  from_name: z.string().max(100).optional().describe('Name beside that address.'),
  smtp_host: z.string().min(1).max(200).describe('Host name of the mail server.'),
  smtp_port: z.int().min(1).max(65_535).default(587).describe('Port of the mail server.'),
  smtp_tls: z
    .enum(['starttls', 'implicit', 'none'])
    .default('starttls')
    .describe(
      '`starttls`: the connection must be upgraded. `implicit`: TLS from the first byte (port 465). `none`: in clear.',
    ),
  smtp_username: z.string().max(200).optional().describe('User at the mail server. Left out: nobody logs in there.'),
};

const mail = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({ ...mailShape, smtp_password: secret.optional().describe('Password of that user; kept sealed.') });

const shape = {
  sequence_lifetime: z
    .int()
    .min(30)
    .max(18_000)
    .default(7200)
    .describe('Seconds that a browser journey may take from its request to its answer.'),
  journey_retention: z
    .int()
    .min(0)
    .max(365 * day)
    .default(7 * day)
    .describe('Seconds for which the record of a journey is kept. 0: none is written.'),
  audit_retention: z
    .int()
    .min(day)
    .max(3650 * day)
    .default(400 * day)
    .describe(
      'Seconds for which entries of the audit log are kept: who changed what by the Control API. Those of a track that was removed are kept for the default.',
    ),
  brakes: brakesSchema.prefault({}).describe('Holds back whoever fails too often. Only failures count.'),
  passwords: passwordPolicySchema.prefault({}).describe('What new passwords must be like.'),
  keys: keys.prefault({}).describe('Signing keys of the track and how they rotate.'),
  claim_mappings: z
    .array(claimMapping)
    .max(100)
    .default([])
    .describe('Names of claims in SAML, beside the usual ones and before them; used both ways.'),
  texts: texts
    .default({})
    .describe(
      'Replaces texts of the pages: language to name of the text to text. A language that Corsac does not have is added; texts left out of it are English.',
    ),
  default_language: culture
    .default('en')
    .describe('Language of the pages when neither the application nor the browser asks for one that is there.'),
  allow_iframe_on_domains: z
    .array(originSchema)
    .max(40)
    .default([])
    .describe(
      'Origins that may show pages of the track in a frame. Without effect so far: pages are never framed, but for front-channel logout.',
    ),
};

const settingsWith = <Secret extends z.ZodType>(secret: Secret) =>
  z.strictObject({
    ...shape,
    mail: mail(secret)
      .optional()
      .describe(
        'Mail server of the track. Left out: mails are written to the outbox only, which the embedded shape shows at `/outbox`.',
      ),
  });

/** Settings of a track as somebody writes them. */
export const writtenTrackSettingsSchema = settingsWith(sealableInputSchema);

/** Settings of a track as they are kept and sent to the services. */
export const trackSettingsSchema = settingsWith(sealedSecretSchema);

export type WrittenTrackSettings = z.output<typeof writtenTrackSettingsSchema>;
export type TrackSettings = z.output<typeof trackSettingsSchema>;

/** Settings of a track that says nothing. */
export const defaultTrackSettings: TrackSettings = trackSettingsSchema.parse({});
