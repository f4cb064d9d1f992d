import { hash } from 'node:crypto';
import type { FrontChannelCall, LogoutCause, ReachedParty, Session } from '@corsac/contracts';
import type { DownParty } from '@corsac/model';
import { frontchannelLogoutUrl } from '@corsac/oidc';

/** One party to be told of one session's end over one channel. */
export interface NewReceipt {
  readonly receipt_id: string;
  readonly track: string;
  readonly party: string;
  readonly sid: string;
  readonly sub: string;
  readonly issuer: string;
  readonly channel: 'front' | 'back' | 'saml' | 'soap' | 'none';
  /** Where to: fixed when the session ends, so that a later change of the party sends nothing elsewhere by surprise. */
  readonly uri?: string;
  readonly session_required?: boolean;
  readonly name_id?: ReachedParty['name_id'];
}

/** The same session, party and channel always has the same id: a job written twice is one job. */
const receiptId = (session: Session, party: string, channel: string): string =>
  hash('sha256', [session.tenant, session.track, session.sid, party, channel].join('\n'), 'base64url').slice(0, 32);

/**
 * How one reached party is told: over every channel it has. Without a browser at hand its front channel cannot be used;
 * a party with no channel at all gets a receipt that says so. A track link is not told, its own session ends instead.
 */
export const receiptsOf = (
  session: Session,
  reached: ReachedParty,
  party: DownParty | undefined,
  browserAtHand: boolean,
): NewReceipt[] => {
  if (reached.type === 'track_link') return [];
  const receipt = (channel: NewReceipt['channel'], more: Partial<NewReceipt> = {}): NewReceipt => ({
    receipt_id: receiptId(session, reached.party, channel),
    track: session.track,
    party: reached.party,
    sid: session.sid,
    sub: reached.sub,
    issuer: reached.issuer,
    channel,
    ...more,
  });
  const made: NewReceipt[] = [];
  if (party?.type === 'oidc') {
    if (party.backchannel_logout_uri)
      made.push(
        receipt('back', {
          uri: party.backchannel_logout_uri,
          session_required: party.backchannel_logout_session_required,
        }),
      );
    const uri = browserAtHand ? frontchannelLogoutUrl(party, { issuer: reached.issuer, sid: session.sid }) : undefined;
    if (uri !== undefined) made.push(receipt('front', { uri }));
  }
  if (party?.type === 'saml2' && party.single_logout_soap_url && reached.name_id)
    made.push(receipt('soap', { uri: party.single_logout_soap_url, name_id: reached.name_id }));
  if (party?.type === 'saml2' && party.single_logout_url && browserAtHand)
    made.push(receipt('saml', { uri: party.single_logout_url, name_id: reached.name_id }));
  return made.length > 0 ? made : [receipt('none')];
};

/** A browser is only there when somebody came with it. */
export const browserAtHand = (cause: LogoutCause): boolean =>
  cause === 'application' || cause === 'user' || cause === 'upstream';

/** Told by us directly, again until it answers; what a browser does besides decides nothing. */
export const isDirect = ({ channel }: Pick<NewReceipt, 'channel'>): boolean => channel === 'back' || channel === 'soap';

/** What the browser is asked to load. */
export const frontChannelCalls = (receipts: readonly NewReceipt[]): FrontChannelCall[] =>
  receipts
    .filter(({ channel }) => channel === 'front' || channel === 'saml')
    .map(({ receipt_id, track, party, sid, uri, channel, name_id }) => ({
      receipt_id,
      track,
      party,
      sid,
      uri: uri ?? '',
      type: channel === 'saml' ? 'saml2' : 'oidc',
      ...(name_id && { name_id }),
      ...(receipts.some((one) => isDirect(one) && one.track === track && one.party === party && one.sid === sid) && {
        told_directly: true,
      }),
    }));
