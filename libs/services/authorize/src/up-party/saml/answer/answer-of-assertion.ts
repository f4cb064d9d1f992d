import type { UpstreamSession } from '@corsac/contracts';
import { limitFault, type Claims, type Saml2UpParty } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import {
  claimsOfAssertion,
  defaultIssuedSamlClaims,
  samlClaimsToJwt,
  selectSamlClaims,
  type AcceptedResponse,
  type MappingTable,
} from '@corsac/saml';
import { transformSaml, type SamlClaimsPlace } from '../../../saml/saml-claims.js';
import type { LoginFailed } from '../../../sequence/sequence.js';
import type { UpPartyAnswer } from '../../accept-answer.js';
import { failedAt } from './saml-failures.js';

type Assertion = AcceptedResponse['assertion'];

/**
 * Turns an accepted assertion into the middle's words: the up-party's transforms and forward list on SAML names, then the
 * track's table to JWT claims, and the subject with the up-party's name before it, so that no two providers can mean the
 * same user.
 */
export const answerOf = (
  party: Saml2UpParty,
  assertion: Assertion,
  { table, now, told }: { table: MappingTable; now: number; told?: SamlClaimsPlace['told'] },
): Outcome<UpPartyAnswer, LoginFailed> => {
  const incoming = claimsOfAssertion(assertion);
  if (!incoming.ok)
    return fail(
      failedAt(party, 'server_error', 'the identity provider did not say who the user is', incoming.error.message),
    );
  const transformed = transformSaml(incoming.value, party.claim_transforms, { party: party.name, told });
  if (!transformed.ok)
    return fail(failedAt(party, 'server_error', 'the claims could not be prepared', transformed.error));
  const list = party.claims.map((claim) => ({ claim }));
  const selected = selectSamlClaims(transformed.value, list, defaultIssuedSamlClaims, table);
  const mapped = samlClaimsToJwt(selected, table);
  const { sub: nameId, auth_time, amr, acr } = mapped;
  if (typeof nameId !== 'string' || nameId === '')
    return fail(
      failedAt(party, 'server_error', 'the identity provider did not say who the user is', 'no name identifier'),
    );
  const claims: Claims = {
    ...passedOn(mapped as Claims, party),
    auth_method_issuer: `${party.name}|${assertion.issuer}`,
  };
  const fault = limitFault(claims);
  if (fault !== undefined)
    return fail(failedAt(party, 'server_error', 'the claims of the identity provider are too large', fault));
  return ok({
    sub: `${party.name}|${nameId}`,
    claims,
    auth_time: typeof auth_time === 'number' ? Math.min(auth_time, now) : now,
    amr: [amr].flat().filter((method): method is string => typeof method === 'string'),
    ...(typeof acr === 'string' && { acr }),
    upstream: upstreamOf(assertion),
  });
};

/** Claims that are the middle's to make. A token is a secret: it goes on only where the list names it, `*` alone does not. */
const ownTypes: ReadonlySet<string> = new Set(['sub', 'sid', 'auth_time', 'amr', 'acr', 'up_party', 'up_party_type']);

const passedOn = (claims: Claims, party: Saml2UpParty): Claims =>
  Object.fromEntries(
    Object.entries(claims).filter(
      ([type]) => !ownTypes.has(type) && (type !== 'access_token' || party.claims.includes('access_token')),
    ),
  );

/** Longest text that a session is found by. */
const longest = 500;
const fits = (text: string | undefined): text is string => text !== undefined && text !== '' && text.length <= longest;

/** What the identity provider calls the user and this session: what its logout and ours repeat. */
const upstreamOf = ({ issuer, name_id, authn }: Assertion): UpstreamSession => ({
  issuer,
  ...(fits(authn.session_index) && { sid: authn.session_index }),
  ...(fits(name_id?.value) && {
    sub: name_id?.value ?? '',
    name_id: { value: name_id?.value ?? '', ...(name_id?.format !== undefined && { format: name_id.format }) },
  }),
});
