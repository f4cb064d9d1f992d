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
import type { Note } from '../../../journey/claims-step.js';
import { lineOf } from '../../../saml/receive.js';
import { transformSaml } from '../../../saml/saml-claims.js';
import type { LoginFailed } from '../../../sequence/sequence.js';
import type { SamlRequest } from '../request/saml-request.js';
import type { AssertionContent } from './saml-responses.js';

/** Why the application gets an error: one of the middle's, or one that only SAML knows. */
export interface Refused {
  readonly error: LoginFailed['error'] | 'unsupported_name_id_policy';
  readonly error_description: string;
  readonly detail?: string;
}

export interface ContentRules {
  readonly view: TrackView;
  readonly party: Saml2DownParty;
  readonly asked: SamlRequest;
  /** Used as the name identifier where the format is transient. SAML Core 8.3.8. */
  readonly transient_id: string;
  readonly now: number;
  /** Takes down what the transforms did. */
  readonly note?: Note;
}

/**
 * What the application's assertion says of the claims in the middle: mapped to SAML names by the track's table, then the
 * party's transforms, then its issue list. A provider's token leaves only where the list names it.
 * @returns the content; the failure says for the log what is amiss
 */
export const contentOfClaims = (claims: Claims, rules: ContentRules): Outcome<AssertionContent, Refused> => {
  const { view, party, asked, transient_id, now, note } = rules;
  const table = view.memo('saml-mapping', ({ settings }) => mappingTable(settings.claim_mappings));
  const { access_token, ...others } = claims;
  const isListed = party.claims.some(({ claim }) => claim === 'access_token');
  const given = isListed && access_token !== undefined ? { ...others, access_token } : others;
  const transformed = transformSaml(jwtClaimsToSaml(given as JwtClaims, table, now), party.claim_transforms, {
    party: party.name,
    told: note && { track: view.track, note },
  });
  if (!transformed.ok) return fail(notPrepared(transformed.error));
  const issued = selectSamlClaims(transformed.value, party.claims, defaultIssuedSamlClaims, table);
  const content = assertionContent(transformed.value, issued, {
    transient_id,
    ...(party.nameid_format !== undefined && { format: party.nameid_format }),
    ...(asked.name_id_format !== undefined && { requested_format: asked.name_id_format }),
  });
  if (content.ok) return content;
  const isPolicy = content.error.reason === 'subject_missing' && asked.name_id_format !== undefined;
  return fail(isPolicy ? { ...noSuchName, detail: lineOf(content.error) } : notPrepared(lineOf(content.error)));
};

/** The claims cannot be made into what the application is to get. */
export const notPrepared = (detail: string): Refused => ({
  error: 'server_error',
  error_description: 'the claims could not be prepared',
  detail,
});

/** SAML Core 3.4.1.1: the format that was asked for cannot be given for this user. */
const noSuchName: Refused = {
  error: 'unsupported_name_id_policy',
  error_description: 'the user has no name identifier of the format that was asked for',
};
