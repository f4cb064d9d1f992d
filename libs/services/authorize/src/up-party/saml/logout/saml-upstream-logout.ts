import { createHash } from 'node:crypto';
import type { ConfigCache, TrackView } from '@corsac/config-cache';
import type { MessageContext } from '@corsac/contracts';
import { makeLogoutRequest } from '@corsac/saml';
import type { Logger } from '@corsac/telemetry';
import type { UpstreamLogoutKind } from '../../../logout/advance.js';
import type { LogoutJourney, UpstreamToAsk } from '../../../logout/logout-journey.js';
import { stepOfMessage } from '../../../saml/deliver.js';
import type { SamlSigning } from '../../../saml/sign.js';
import type { Step } from '../../../sequence/step.js';
import { logoutState } from '../../oidc/logout/oidc-upstream-logout.js';
import { ownEntityId } from '../addressed-up-party.js';
import { endpointFor } from '../idp/identity-provider.js';
import type { IdentityProviders } from '../idp/identity-providers.js';

export interface SamlUpstreamLogoutParts {
  readonly config: ConfigCache;
  readonly idps: IdentityProviders;
  readonly signing: SamlSigning;
  readonly logger: Logger;
  readonly base_url: string;
  readonly now: () => number;
}

/** Seconds that the identity provider may take a LogoutRequest; the browser brings it at once. */
const lifetime = 300;

/** Asks a SAML identity provider to log out as well (SAML Profiles 4.4.3.1). The sessions here have ended before. */
export class SamlUpstreamLogout implements UpstreamLogoutKind {
  readonly type = 'saml2';

  constructor(private readonly parts: SamlUpstreamLogoutParts) {}

  /** @returns nothing when it offers no logout, or nothing can be signed now: the logout goes on without it */
  async begin({ tenant }: TrackView, journey: LogoutJourney, asked: UpstreamToAsk): Promise<Step | undefined> {
    // The session may be of a linked track, whose up-party and addresses these are then.
    const read = await this.parts.config.track(tenant, asked.track);
    const party = read.ok ? read.value.upParty(asked.up_party) : undefined;
    const { name_id, sid, issuer } = asked.upstream;
    if (!read.ok || party?.type !== 'saml2' || !name_id) return undefined;
    const idp = await this.parts.idps.of({ view: read.value, party });
    // What one identity provider said about a user is not told to another one that has come into its place.
    if (!idp.ok || idp.value.entity_id !== issuer) return undefined;
    const endpoint = endpointFor(idp.value.single_logout, party.logout_request_binding);
    if (!endpoint) return undefined;
    const relay_state = logoutState(journey, asked);
    const issued_at = this.parts.now();
    const message = makeLogoutRequest({
      id: logoutRequestId(relay_state),
      issuer: ownEntityId(this.parts.base_url, read.value, party),
      issued_at,
      destination: endpoint.location,
      not_on_or_after: issued_at + lifetime,
      name_id,
      session_indexes: sid === undefined ? [] : [sid],
    });
    const place = { tenant, track: asked.track, algorithm: party.signature_algorithm, context: noContext };
    const sent = await this.parts.signing.signed(place, (signer) =>
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

const noContext: MessageContext = {};

/** The ID of the LogoutRequest that went out with a RelayState; the answer must be to that one. */
export const logoutRequestId = (relay_state: string): string =>
  `_${createHash('sha256').update(`logout:${relay_state}`).digest('hex').slice(0, 40)}`;
