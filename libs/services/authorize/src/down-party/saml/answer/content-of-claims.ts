import type { TrackView } from '@corsac/config-cache';
import type { Claims, Saml2DownParty } from '@corsac/model';
import { fail, type Outcome } from '@corsac/outcome';
import {
  assertionContent,
  defaultIssuedSamlClaims,
  jwtClaimsToSaml,
  mappingTable,
  selectSamlClaims,
  type JwtClaims,
} from '@corsac/saml';
import { lineOf } from '../../../saml/receive.js';
import { transformSaml } from '../../../saml/saml-claims.js';
import type { SamlRequest } from '../request/saml-request.js';
import type { AssertionContent } from './saml-responses.js';

export interface ContentRules {
  readonly view: TrackView;
  readonly party: Saml2DownParty;
  readonly asked: SamlRequest;
  /** Used as the name identifier where the format is transient. SAML Core 8.3.8. */
  readonly transient_id: string;
  readonly now: number;
}

/**
 * What the application's assertion says of the claims in the middle: mapped to SAML names by the track's table, then the
 * party's transforms, then its issue list. A provider's token leaves only where the list names it.
 * @returns the content, or a line for the log
 */
export const contentOfClaims = (claims: Claims, rules: ContentRules): Outcome<AssertionContent, string> => {
  const { view, party, asked, transient_id, now } = rules;
  const table = view.memo('saml-mapping', ({ settings }) => mappingTable(settings.claim_mappings));
  const { access_token, ...others } = claims;
  const isListed = party.claims.some(({ claim }) => claim === 'access_token');
  const given = isListed && access_token !== undefined ? { ...others, access_token } : others;
  const transformed = transformSaml(
    jwtClaimsToSaml(given as JwtClaims, table, now),
    party.claim_transforms,
    party.name,
  );
  if (!transformed.ok) return transformed;
  const issued = selectSamlClaims(transformed.value, party.claims, defaultIssuedSamlClaims, table);
  const content = assertionContent(transformed.value, issued, {
    transient_id,
    ...(party.nameid_format !== undefined && { format: party.nameid_format }),
    ...(asked.name_id_format !== undefined && { requested_format: asked.name_id_format }),
  });
  return content.ok ? content : fail(lineOf(content.error));
};
