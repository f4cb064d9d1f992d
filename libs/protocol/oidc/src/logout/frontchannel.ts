import { withQuery, type Client, type Parameters } from '@corsac/oauth';
import { fail, ok, type Outcome } from '@corsac/outcome';

/**
 * The address of a client's iframe on the logout page. `iss` and `sid` are added unless the client wants none; a query of its own is
 * kept as it is. Front-Channel Logout 1.0 2.
 * @returns nothing for a client that did not ask for it
 */
export const frontchannelLogoutUrl = (client: Client, session: { issuer: string; sid: string }): string | undefined => {
  const { frontchannel_logout_uri } = client;
  if (frontchannel_logout_uri === undefined || client.frontchannel_logout_session_required === false) {
    return frontchannel_logout_uri;
  }
  return withQuery(frontchannel_logout_uri, new URLSearchParams({ iss: session.issuer, sid: session.sid }).toString());
};

/**
 * Reads the call of an identity provider to our front-channel logout address. Both values are required: the browser may send no cookie
 * inside an iframe, so they alone say which session is meant. Front-Channel Logout 1.0 3.
 * @param issuers accepted issuers of the up-party
 * @returns the session to end, or why not (400)
 */
export const readFrontchannelLogout = (
  parameters: Parameters,
  issuers: readonly string[],
): Outcome<{ iss: string; sid: string }, string> => {
  const iss = parameters.values.get('iss');
  const sid = parameters.values.get('sid');
  if (parameters.unusable !== undefined || parameters.repeated.length > 0) return fail('the request is malformed');
  if (iss === undefined || sid === undefined) return fail('iss and sid are required');
  return issuers.includes(iss) ? ok({ iss, sid }) : fail('iss is not the issuer of this up-party');
};
