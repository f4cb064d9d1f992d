import type { KeyObject } from 'node:crypto';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import type { HttpRequest } from '@corsac/http';
import { parsePlace, samlDownPartyAddresses, trackIssuer, type PartyPath, type Saml2DownParty } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { readCertificate } from '@corsac/saml';
import type { PageError } from '../../edge/page-errors.js';

/** A SAML application at the address that was asked. */
export interface AddressedApplication {
  readonly view: TrackView;
  readonly party: Saml2DownParty;
  readonly partyPath: PartyPath;
}

/** An address that leads nowhere, as the page to show. */
export interface Unaddressed {
  readonly error: PageError;
  readonly view?: TrackView;
}

/** The application that a request's address names: `/{tenant}/{track}/{party}{binding}/saml/...`. */
export const addressedApplication = async (
  config: ConfigCache,
  request: HttpRequest,
): Promise<Outcome<AddressedApplication, Unaddressed>> => {
  const place = parsePlace(request.rawPath);
  const partyPath = place.ok ? place.value.partyPath : undefined;
  if (!place.ok || partyPath?.party === undefined) return fail({ error: 'not_found' });
  const { tenant, track } = place.value;
  request.note({ tenant, track, party: partyPath.party });
  const read = await config.track(tenant, track);
  if (!read.ok) return fail({ error: read.error === 'not_found' ? 'unknown_track' : 'temporarily_unavailable' });
  const view = read.value;
  const party = view.downParty(partyPath.party);
  return party?.type === 'saml2' ? ok({ view, party, partyPath }) : fail({ error: 'unknown_party', view });
};

/** Our addresses towards the application, under the binding and in the style that was asked. */
export const addressesOf = (base: string, { view, party, partyPath }: AddressedApplication) =>
  samlDownPartyAddresses({
    base,
    tenant: view.tenant,
    track: view.track,
    party: party.name,
    upParties: partyPath.upParties,
    style: partyPath.style,
  });

/** Under which addresses a message may say that it was sent: as we write the address, or just as it came. */
export const arrivedAt = (
  base: string,
  application: AddressedApplication,
  { which, rawPath }: { which: 'authn' | 'logout'; rawPath: string },
): readonly string[] => [...new Set([addressesOf(base, application)[which], `${base}${rawPath}`])];

/** Our EntityID towards an application. */
export const idpEntityId = (base: string, { tenant, track }: TrackView, party: Saml2DownParty): string =>
  party.idp_issuer ?? trackIssuer({ base, tenant, track });

/** Keys of the application; a certificate that cannot be read is left out. */
export const applicationKeys = (view: TrackView, party: Saml2DownParty): readonly KeyObject[] =>
  view.memo(`saml-application-keys/${party.name}`, () =>
    party.keys.flatMap((text) => {
      const read = readCertificate(text);
      return read.ok ? [read.value.key] : [];
    }),
  );
