import type { MessageContext, UpstreamSession } from '@corsac/contracts';
import type { OutboundClient } from '@corsac/outbound';
import { acceptLogoutResponse, makeLogoutRequest, readSoap, sendBySoap, statusCodes } from '@corsac/saml';
import type { Logger } from '@corsac/telemetry';
import { newMessageId } from '../../../saml/deliver.js';
import { lineOf } from '../../../saml/receive.js';
import type { SamlSigning } from '../../../saml/sign.js';
import { ownEntityId } from '../addressed-up-party.js';
import type { IdentityProvider } from '../idp/identity-provider.js';
import type { IdentityProviders, SamlUpPartyInTrack } from '../idp/identity-providers.js';

export interface AskBySoapParts {
  readonly idps: IdentityProviders;
  readonly signing: SamlSigning;
  readonly outbound: Pick<OutboundClient, 'post'>;
  readonly logger: Logger;
  readonly base_url: string;
  readonly now: () => number;
}

/** Milliseconds for its answer: somebody waits, as for the frames of applications. */
const timeout_ms = 3_000;
/** Bytes of its answer; a signed one with its certificate is a tenth of it. */
const max_bytes = 65_536;
/** Seconds that it may take the request; it comes at once. */
const lifetime = 300;

/** Asks an identity provider to log out over SOAP (SAML Profiles 4.4.3.1, SAML Bindings 3.2): signed, and the answer too. */
export class AskBySoap {
  constructor(private readonly parts: AskBySoapParts) {}

  /** @returns whether it has logged out; why it has not is in the log */
  async ask(
    place: SamlUpPartyInTrack,
    { idp, url }: { readonly idp: IdentityProvider; readonly url: string },
    { name_id, sid }: UpstreamSession,
    context: MessageContext,
  ): Promise<boolean> {
    if (!name_id) return false;
    const { party, view } = place;
    const { now, base_url, signing } = this.parts;
    const id = newMessageId();
    const message = makeLogoutRequest({
      id,
      issuer: ownEntityId(base_url, view, party),
      issued_at: now(),
      destination: url,
      not_on_or_after: now() + lifetime,
      name_id,
      session_indexes: sid === undefined ? [] : [sid],
    });
    const { tenant, track } = view;
    const signedBy = { tenant, track, algorithm: party.signature_algorithm, context };
    const signed = await signing.signed(signedBy, (signer) => sendBySoap(message, signer));
    const fault = signed.ok ? await this.send(place, idp, { id, url, envelope: signed.value }) : signed.error;
    if (fault === undefined) return true;
    this.parts.logger.warn(
      { up_party: party.name, reason: fault },
      'a SAML identity provider did not log out over SOAP',
    );
    return false;
  }

  /** What went wrong, or nothing. */
  private async send(
    place: SamlUpPartyInTrack,
    idp: IdentityProvider,
    { id, url, envelope }: { readonly id: string; readonly url: string; readonly envelope: string },
  ): Promise<string | undefined> {
    const headers = { soapaction: '"http://www.oasis-open.org/committees/security"' };
    const options = { timeout_ms, max_bytes, headers };
    const answer = await this.parts.outbound.post(url, envelope, 'text/xml; charset=utf-8', options);
    if (!answer.ok) return `no answer: ${answer.error.kind}`;
    if (answer.value.status !== 200) return `answered with status ${answer.value.status}`;
    const { body } = answer.value;
    const said = await this.parts.idps.check(place, idp, ({ entity_id, keys }) =>
      acceptLogoutResponse(readSoap(body), {
        issuer: entity_id,
        destinations: [],
        now: this.parts.now(),
        party: { keys, policy: { allow_sha1: place.party.allow_sha1 } },
        pending_request_id: id,
      }),
    );
    if (!said.ok) return lineOf(said.error);
    const { result, status } = said.value;
    // A session that it no longer knows is over there as well.
    const isOver = result === 'success' || status.sub_code === statusCodes.unknownPrincipal;
    return isOver ? undefined : `${result}: ${status.sub_code ?? status.code}`.slice(0, 300);
  }
}
