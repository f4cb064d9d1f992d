import type { ConfigCache, TrackView } from '@corsac/config-cache';
import type { HttpRequest } from '@corsac/http';
import { canSignInUsers, parsePlace, samlUpPartyAddresses, trackIssuer, type Saml2UpParty } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import type { PageError } from '../../edge/page-errors.js';
import type { SamlUpPartyInTrack } from './idp/identity-providers.js';

/** An address that leads nowhere, as the page to show. */
export interface Unaddressed {
  readonly error: PageError;
  readonly view?: TrackView;
}

/** The up-party that a request's address names: `/{tenant}/{track}/({up})/saml/...`, and that signs users in. */
export const addressedUpParty = async (
  config: ConfigCache,
  request: HttpRequest,
): Promise<Outcome<SamlUpPartyInTrack, Unaddressed>> => {
  const place = parsePlace(request.rawPath);
  const name =
    place.ok && place.value.partyPath?.party === undefined ? place.value.partyPath?.upParties?.[0] : undefined;
  if (!place.ok || name === undefined) return fail({ error: 'not_found' });
  const { tenant, track } = place.value;
  request.note({ tenant, track, party: name });
  const read = await config.track(tenant, track);
  if (!read.ok) return fail({ error: read.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable' });
  const view = read.value;
  const party = view.upParty(name);
  return party?.type === 'saml2' && canSignInUsers(party)
    ? ok({ view, party })
    : fail({ error: 'unknown_party', view });
};

/** The addresses that the identity provider was told about us, in the style that the up-party has. */
export const addressesOf = (base: string, { tenant, track }: TrackView, party: Saml2UpParty) =>
  samlUpPartyAddresses({ base, tenant, track, upParty: party.name, style: party.binding_style });

/** Under which of our addresses a message may say that it was sent: in any style, or just as it came. */
export const arrivedAt = (
  base: string,
  { view: { tenant, track }, party }: SamlUpPartyInTrack,
  which: 'acs' | 'single_logout',
): readonly string[] => {
  const styles = [party.binding_style, 'brackets', 'tildes', 'dots'] as const;
  return [
    ...new Set(styles.map((style) => samlUpPartyAddresses({ base, tenant, track, upParty: party.name, style })[which])),
  ];
};

/** Our EntityID towards an identity provider, and the audience that its assertions must have. */
export const ownEntityId = (base: string, { tenant, track }: TrackView, party: Saml2UpParty): string =>
  party.sp_issuer ?? trackIssuer({ base, tenant, track });
