import { isSigningAlg, signingAlgs, type SigningAlg } from '@corsac/jwt';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import { trackIssuerMember } from '../discovery/metadata.js';
import { checkDiscoveredIssuer } from './authority.js';

const url = z
  .string()
  .max(2_000)
  .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), { message: 'must be a web address' });
const words = z.array(z.string().max(200)).max(500);

const schema = z.object({
  issuer: z.string().min(1).max(500),
  jwks_uri: url.optional(),
  authorization_endpoint: url.optional(),
  token_endpoint: url.optional(),
  userinfo_endpoint: url.optional(),
  end_session_endpoint: url.optional(),
  id_token_signing_alg_values_supported: words.optional(),
  token_endpoint_auth_methods_supported: words.optional(),
  code_challenge_methods_supported: words.optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  [trackIssuerMember]: z.string().min(1).max(500).optional(),
});

/** Metadata of somebody else's provider, as far as it is used. OIDC Discovery 3. */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly jwks_uri?: string;
  readonly authorization_endpoint?: string;
  readonly token_endpoint?: string;
  readonly userinfo_endpoint?: string;
  readonly end_session_endpoint?: string;
  /** Algorithms of ID tokens that we accept from it; never empty. */
  readonly id_token_algs: readonly SigningAlg[];
  readonly authorization_response_iss_parameter_supported: boolean;
  /** Issuer of the track behind it, when it is a Corsac: accepted for token exchange. */
  readonly track_issuer?: string;
}

/** Largest document that is read, in bytes. */
export const maxMetadataBytes = 200_000;

/**
 * Reads a metadata document that was fetched from `discoveryUrlOf(authority)`.
 * @param document the parsed JSON
 * @param listed the issuers that the administrator wrote down
 * @returns what is used of it, or why it is refused
 */
export const readProviderMetadata = (
  document: unknown,
  authority: string,
  listed: readonly string[] = [],
): Outcome<ProviderMetadata, string> => {
  const parsed = schema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return fail(`the metadata cannot be used: ${issue?.path.join('.') || 'document'} ${issue?.message ?? ''}`.trim());
  }
  const metadata = parsed.data;
  const issuer = checkDiscoveredIssuer(metadata.issuer, authority, listed);
  if (!issuer.ok) return issuer;
  const id_token_algs = acceptedAlgs(metadata.id_token_signing_alg_values_supported);
  if (id_token_algs.length === 0) return fail('the provider signs ID tokens with no algorithm that is accepted here');
  const track_issuer = metadata[trackIssuerMember];
  return ok({
    issuer: issuer.value,
    jwks_uri: metadata.jwks_uri,
    authorization_endpoint: metadata.authorization_endpoint,
    token_endpoint: metadata.token_endpoint,
    userinfo_endpoint: metadata.userinfo_endpoint,
    end_session_endpoint: metadata.end_session_endpoint,
    id_token_algs,
    authorization_response_iss_parameter_supported: metadata.authorization_response_iss_parameter_supported ?? false,
    ...(track_issuer !== undefined && { track_issuer }),
  });
};

/** What the provider says it uses and we accept; a provider that says nothing uses RS256. OIDC Core 15.1. */
const acceptedAlgs = (supported: readonly string[] | undefined): readonly SigningAlg[] =>
  supported === undefined
    ? ['RS256']
    : signingAlgs.filter((alg) => supported.some((one) => isSigningAlg(one) && one === alg));
