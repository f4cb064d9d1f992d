import type { TrackView } from '@corsac/config-cache';
import type { OidcDownParty, Saml2DownParty, Saml2UpParty } from '@corsac/model';
import { fail, ok, type Outcome } from '@corsac/outcome';
import { longestRelayState } from '@corsac/saml';

/** Where a sign-in leads that an identity provider began. */
export type WantedApplication =
  | { readonly party: Saml2DownParty; readonly relay_state?: string }
  /** The page of the application that begins a sign-in of its own. */
  | { readonly party: OidcDownParty; readonly url: string };

const parameters = ['app_name', 'app_type', 'app_redirect'] as const;

/**
 * The application that an unsolicited response is for: what its RelayState names, `app_name=...&app_type=...&app_redirect=...`,
 * or else the one that the up-party is set up with. RelayState is signed by nobody, so it only chooses among what is
 * configured: applications that allow the up-party, and addresses that are theirs.
 * @returns the application, or what a developer should know
 */
export const wantedApplication = (
  view: TrackView,
  up: Saml2UpParty,
  relayState: string | undefined,
): Outcome<WantedApplication, string> => {
  const values = new URLSearchParams(relayState ?? '');
  const isPlain = parameters.every((parameter) => values.getAll(parameter).length <= 1);
  const named = (isPlain && values.get('app_name')) || undefined;
  const name = named ?? up.idp_initiated_party;
  if (name === undefined) return fail('the response has no RelayState that names an application');
  const party = view.downParty(name);
  const type = (named !== undefined && values.get('app_type')) || undefined;
  if (!party || (type !== undefined && type !== party.type)) return fail('the RelayState names no application here');
  if (party.type !== 'saml2' && party.type !== 'oidc') return fail('nobody is signed in to this kind of party');
  if (!party.allow_up_parties.includes(up.name)) return fail('the application does not allow this identity provider');
  const redirect = (named !== undefined && values.get('app_redirect')) || undefined;
  if (party.type === 'saml2') return samlApplication(party, redirect);
  const url = redirect ?? party.initiate_login_uri;
  const own = [party.initiate_login_uri, ...party.redirect_uris];
  if (url === undefined) return fail('the application has no initiate_login_uri, and app_redirect names no page of it');
  return own.includes(url) ? ok({ party, url }) : fail('app_redirect is not an address of the application');
};

/** The application's own RelayState tells it where to go; it is for the application to judge. */
const samlApplication = (
  party: Saml2DownParty,
  relay_state: string | undefined,
): Outcome<WantedApplication, string> => {
  if (!party.enable_idp_initiated) return fail('the application takes no response that it did not ask for');
  if ((relay_state?.length ?? 0) > longestRelayState) return fail('app_redirect is too long');
  return ok({ party, ...(relay_state !== undefined && { relay_state }) });
};
