import { ada, RelyingParty } from '../party/relying-party.js';
import type { World } from '../world/world.js';
import type { Application } from './application.js';

const secret = 'chain-secret-of-a-test-0123456789';

/**
 * Tenant `chain`: users of track `d` sign in to `portal` of track `a` by three links, `a` > `b` > `c` > `d`, or by one, or
 * by OpenID Connect; `desk` is an application of `d` itself. Track `a` has users too.
 * @param base address of the installation, for the interconnect
 */
export const chainOf = (portal: Application, desk: Application, base = '${CORSAC_BASE_URL}'): string => {
  const users = `[{ email: ${ada.username}, password: ${ada.password} }]`;
  const login = '{ name: login, type: login }';
  const linkUp = (name: string, track: string): string =>
    `{ name: ${name}, type: track_link, to_down_track_name: ${track}, to_down_party_name: from-${name} }`;
  const linkDown = (name: string, track: string, allowed: string): string =>
    `{ name: from-${name}, type: track_link, to_up_track_name: ${track}, to_up_party_name: ${name}, allow_up_parties: [${allowed}] }`;
  const application = (name: string, { base: at }: Application, allowed: string): string => `
          - name: ${name}
            type: oidc
            allow_up_parties: [${allowed}]
            redirect_uris: ['${at}/callback']
            post_logout_redirect_uris: ['${at}/']
            frontchannel_logout_uri: ${at}/frontchannel-logout
            secrets: ['${secret}']`;
  return `
tenants:
  - name: chain
    tracks:
      - name: a
        up_parties:
          - ${login}
          - ${linkUp('three', 'b')}
          - ${linkUp('one', 'd')}
          - name: interconnect
            type: oidc
            authority: ${base}/chain/d/a-client(login)
            client_id: a-client
            client_secret: ${secret}
            scopes: [email]
        down_parties:${application('portal', portal, 'login, three, one, interconnect')}
        users: ${users}
      - name: b
        up_parties: [${linkUp('two', 'c')}]
        down_parties: [${linkDown('three', 'a', 'two')}]
      - name: c
        up_parties: [${linkUp('last', 'd')}]
        down_parties: [${linkDown('two', 'b', 'last')}]
      - name: d
        up_parties: [${login}]
        down_parties:
          - ${linkDown('last', 'c', 'login')}
          - ${linkDown('one', 'a', 'login')}
          - name: a-client
            type: oidc
            allow_up_parties: [login]
            redirect_uris: ['${base}/chain/a/(interconnect)/oauth/authorizationresponse']
            post_logout_redirect_uris: ['${base}/chain/a/(interconnect)/oauth/endsessionresponse']
            secrets: ['${secret}']${application('desk', desk, 'login')}
        users: ${users}
`;
};

const clientOf =
  (client_id: 'portal' | 'desk', track: 'a' | 'd') =>
  (world: Pick<World, 'base'>, application: Application, binding: string): Promise<RelyingParty> =>
    RelyingParty.discover(world, {
      client_id,
      tenant: 'chain',
      track,
      binding,
      secret,
      scope: 'openid email',
      redirect_uri: application.callback,
    });

/** The application at the near end of the chain. */
export const portalOf = clientOf('portal', 'a');
/** The application at its far end. */
export const deskOf = clientOf('desk', 'd');
