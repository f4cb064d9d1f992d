import { hash } from 'node:crypto';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import type { MessageContext } from '@corsac/contracts';
import { makeLogoutRequest } from '@corsac/saml';
import type { UpstreamLogoutKind } from '../../../logout/advance.js';
import type { LogoutJourney, UpstreamToAsk } from '../../../logout/logout-journey.js';
import { stepOfMessage } from '../../../saml/deliver.js';
import type { Step } from '../../../sequence/step.js';
import { logoutState } from '../../oidc/logout/oidc-upstream-logout.js';
import { ownEntityId } from '../addressed-up-party.js';
import { endpointFor, type IdentityProvider, type IdpEndpoint } from '../idp/identity-provider.js';
import type { SamlUpPartyInTrack } from '../idp/identity-providers.js';
import { AskBySoap, type AskBySoapParts } from './ask-by-soap.js';

export interface SamlUpstreamLogoutParts extends AskBySoapParts {
  readonly config: ConfigCache;
}

/** Seconds that the identity provider may take a LogoutRequest; the browser brings it at once. */
const lifetime = 300;

/** What is to be asked, in its track: the session may be of a linked one, whose up-party and addresses these are then. */
interface Place {
  readonly place: SamlUpPartyInTrack;
  readonly idp: IdentityProvider;
}

/** Asks a SAML identity provider to log out as well (SAML Profiles 4.4.3.1). The sessions here have ended before. */
export class SamlUpstreamLogout implements UpstreamLogoutKind {
  readonly type = 'saml2';
  private readonly soap: AskBySoap;

  constructor(private readonly parts: SamlUpstreamLogoutParts) {
    this.soap = new AskBySoap(parts);
  }

  /**
   * By the browser, as it may have others to tell by it (4.4.3.1); over SOAP where it has no address for browsers.
   * @returns nothing when it offers no logout, does not confirm it, or nothing can be signed now: the logout goes on without it
   */
  async begin(
    { tenant }: TrackView,
    journey: LogoutJourney,
    asked: UpstreamToAsk,
    context: MessageContext,
  ): Promise<Step | 'told' | undefined> {
    const found = await this.find(tenant, asked);
    if (!found) return undefined;
    const endpoint = endpointFor(found.idp.single_logout, found.place.party.logout_request_binding);
    if (endpoint) return this.byBrowser(found, endpoint, { journey, asked, context });
    return (await this.overSoap(found, asked, context)) ? 'told' : undefined;
  }

  async tell(tenant: string, asked: UpstreamToAsk, context: MessageContext): Promise<boolean> {
    const found = await this.find(tenant, asked);
    return found !== undefined && this.overSoap(found, asked, context);
  }

  private async overSoap(
    { place, idp }: Place,
    { upstream }: UpstreamToAsk,
    context: MessageContext,
  ): Promise<boolean> {
    const url = idp.single_logout_soap;
    return url !== undefined && this.soap.ask(place, { idp, url }, upstream, context);
  }

  private async find(tenant: string, { track, up_party, upstream }: UpstreamToAsk): Promise<Place | undefined> {
    const read = await this.parts.config.track(tenant, track);
    const party = read.ok ? read.value.upParty(up_party) : undefined;
    if (!read.ok || party?.type !== 'saml2' || !upstream.name_id) return undefined;
    const place = { view: read.value, party };
    const idp = await this.parts.idps.of(place);
    // What one identity provider said about a user is not told to another one that has come into its place.
    return idp.ok && idp.value.entity_id === upstream.issuer ? { place, idp: idp.value } : undefined;
  }

  private async byBrowser(
    { place: { view, party } }: Place,
    endpoint: IdpEndpoint,
    { journey, asked, context }: { journey: LogoutJourney; asked: UpstreamToAsk; context: MessageContext },
  ): Promise<Step | undefined> {
    const { name_id, sid } = asked.upstream;
    if (!name_id) return undefined;
    const relay_state = logoutState(journey, asked);
    const issued_at = this.parts.now();
    const message = makeLogoutRequest({
      id: logoutRequestId(relay_state),
      issuer: ownEntityId(this.parts.base_url, view, party),
      issued_at,
      destination: endpoint.location,
      not_on_or_after: issued_at + lifetime,
      name_id,
      session_indexes: sid === undefined ? [] : [sid],
    });
    const signedBy = { tenant: view.tenant, track: view.track, algorithm: party.signature_algorithm, context };
    const sent = await this.parts.signing.signed(signedBy, (signer) =>
      stepOfMessage(message, endpoint.binding, { relay_state, signer }),
    );
    if (sent.ok) return sent.value;
    this.parts.logger.warn(
      { up_party: party.name, reason: sent.error },
      'a SAML identity provider was not asked to log out',
    );
    return undefined;
  }
}

/** The ID of the LogoutRequest that went out with a RelayState; the answer must be to that one. */
export const logoutRequestId = (relay_state: string): string =>
  `_${hash('sha256', `logout:${relay_state}`, 'hex').slice(0, 40)}`;
