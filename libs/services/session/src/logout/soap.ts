import type { KeyObject } from 'node:crypto';
import { signSamlLogout, type Bus, type MessageContext } from '@corsac/contracts';
import type { ConfigCache } from '@corsac/config-cache';
import type { Saml2DownParty } from '@corsac/model';
import type { OutboundClient } from '@corsac/outbound';
import { acceptLogoutResponse, readCertificate, readSoap, statusCodes } from '@corsac/saml';
import type { BackChannelReceipt } from './logout-store.js';

interface Parts {
  readonly bus: Bus;
  readonly config: ConfigCache;
  readonly outbound: Pick<OutboundClient, 'post'>;
  readonly now: () => number;
}

/** Bytes of an application's answer; a signed one with its certificate is a tenth of it. */
const max_bytes = 65_536;

/**
 * Tells one SAML application over SOAP (SAML Profiles 4.4.3.1, SAML Bindings 3.2): a LogoutRequest of its own for every
 * attempt, signed by the token service. Told is who says so, signed where we hold the application's keys.
 * @returns what went wrong, in words for an administrator, or nothing
 */
export const askBySoap = async (
  parts: Parts,
  receipt: BackChannelReceipt,
  { timeout_ms, context }: { readonly timeout_ms: number; readonly context: MessageContext | undefined },
): Promise<string | undefined> => {
  const { tenant, track, issuer, sid, uri = '', name_id } = receipt;
  const read = await parts.config.track(tenant, track);
  const party = read.ok ? read.value.downParty(receipt.party) : undefined;
  if (!read.ok && read.error === 'unavailable') return 'the configuration cannot be read';
  if (party?.type !== 'saml2' || !name_id) return 'the application is no longer there';
  const algorithm = party.signature_algorithm;
  const asked = { tenant, track, algorithm, issuer, destination: uri, name_id, session_index: sid };
  const signed = await parts.bus.ask(signSamlLogout, asked, context);
  if (!signed.ok) return `the logout request could not be signed: ${signed.error.refusal}`;
  const { request_id, envelope } = signed.value;
  const headers = { soapaction: '"http://www.oasis-open.org/committees/security"' };
  const answer = await parts.outbound.post(uri, envelope, 'text/xml; charset=utf-8', {
    timeout_ms,
    max_bytes,
    headers,
  });
  if (!answer.ok) return `no answer: ${answer.error.kind}`;
  if (answer.value.status !== 200) return `answered with status ${answer.value.status}`;
  return wordOf(party, { body: answer.value.body, request_id, now: parts.now() });
};

/** What the application's answer comes to. */
const wordOf = (
  party: Saml2DownParty,
  { body, request_id, now }: { body: Uint8Array; request_id: string; now: number },
): string | undefined => {
  const said = acceptLogoutResponse(readSoap(body), {
    issuer: party.issuer,
    destinations: [],
    now,
    party: { keys: keysOf(party), policy: { allow_sha1: party.allow_sha1 } },
    require_signed: party.keys.length > 0,
    pending_request_id: request_id,
  });
  if (!said.ok) return `the answer is refused: ${said.error.step}: ${said.error.reason}`;
  const { result, status } = said.value;
  // A session that it no longer knows has ended there: an attempt whose answer was lost leaves it so.
  if (result !== 'failed' || status.sub_code === statusCodes.unknownPrincipal) return undefined;
  return `the application did not log out: ${status.sub_code ?? status.code}`.slice(0, 300);
};

const keysOf = ({ keys }: Saml2DownParty): KeyObject[] =>
  keys.flatMap((text) => {
    const read = readCertificate(text);
    return read.ok ? [read.value.key] : [];
  });
