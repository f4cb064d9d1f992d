import { trimBase } from '../addresses/addresses.js';
import { masterName } from '../names/names.js';
import { completeDownParty } from '../parties/complete.js';
import { defaultScopes } from '../parties/default-scopes.js';
import { storedDownPartySchema, type DownParty } from '../parties/down-party.js';
import type { UpParty } from '../parties/up-party.js';
import { controlApiName, controlApiScopes, controlClientName } from './control-scopes.js';

/** What the parties of Control follow from. */
export interface ControlTrack {
  readonly name: string;
  readonly up_parties: readonly Pick<UpParty, 'name' | 'type'>[];
  readonly down_parties: readonly Pick<DownParty, 'name'>[];
}

/** Most up-parties that a down-party may allow. */
const mostUpParties = 200;

const made = (input: object): DownParty => completeDownParty(storedDownPartySchema.parse(input));

const apiParty = (): DownParty =>
  made({
    type: 'oauth2',
    name: controlApiName,
    display_name: 'Corsac Control API',
    resource: { scopes: [...controlApiScopes] },
  });

const clientScopes = ['offline_access', 'profile', 'email'];

/**
 * Only users of the track itself: a role that another provider claims must never count (spec 6, Rights). A public client: its
 * code is in a browser or at a command line, where no secret is kept (RFC 8252 8.4).
 */
const clientParty = (allow_up_parties: readonly string[], base: string): DownParty =>
  made({
    type: 'oidc',
    name: controlClientName,
    display_name: 'Corsac Control',
    allow_up_parties,
    redirect_uris: [`${trimBase(base)}/control/callback`],
    post_logout_redirect_uris: [`${trimBase(base)}/control/`],
    token_endpoint_auth_method: 'none',
    response_types: ['code'],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    resource_scopes: [{ resource: controlApiName, scopes: [...controlApiScopes] }],
    scopes: structuredClone(defaultScopes.filter(({ scope }) => clientScopes.includes(scope))),
    claims: [{ claim: 'role' }, { claim: 'name', in_id_token: true }, { claim: 'email', in_id_token: true }],
  });

/**
 * The parties by which a tenant is administered and that nobody has to write: the Control API as a resource, and Control's
 * client where the track has users of its own.
 * @param track only `master` has them; a party of the same name that is configured takes their place
 * @param base `CORSAC_BASE_URL`
 * @returns complete parties, in the same order whenever the track is the same; none that the track has already
 */
export const controlParties = ({ name, up_parties, down_parties }: ControlTrack, base: string): DownParty[] => {
  if (name !== masterName) return [];
  const logins = up_parties.filter(({ type }) => type === 'login').slice(0, mostUpParties);
  const has = (party: string): boolean => down_parties.some((one) => one.name === party);
  return [
    ...(has(controlApiName) ? [] : [apiParty()]),
    ...(has(controlClientName) || logins.length === 0
      ? []
      : [
          clientParty(
            logins.map((login) => login.name),
            base,
          ),
        ]),
  ];
};
