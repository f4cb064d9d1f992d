import { ada, RelyingParty } from '../party/relying-party.js';
import type { World } from '../world/world.js';

const user = (name: string) => ({
  email: `${name}@example.com`,
  password: ada.password,
  email_verified: true,
  claims: { name: `${name[0]?.toUpperCase()}${name.slice(1)}` },
});

/** A tenant with a television that has no keyboard, and an application that can ask for two steps; JSON is YAML. */
export const gadgetsFile = JSON.stringify({
  tenants: [
    {
      name: 'gadgets',
      display_name: 'Gadgets',
      tracks: [
        {
          name: '-',
          display_name: 'Gadgets',
          up_parties: [{ name: 'login', type: 'login', title: 'Gadgets', two_factor_app_name: 'Gadgets' }],
          down_parties: [
            {
              name: 'tv',
              type: 'oidc',
              display_name: 'Television',
              allow_up_parties: ['login'],
              token_endpoint_auth_method: 'none',
              grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
            },
            {
              name: 'vault',
              type: 'oidc',
              display_name: 'Vault',
              allow_up_parties: ['login'],
              token_endpoint_auth_method: 'none',
              redirect_uris: ['https://vault.example.com/callback'],
            },
          ],
          users: [user('ada'), user('bob'), user('cid')],
        },
      ],
    },
  ],
});

export const vaultOf = (world: World): Promise<RelyingParty> =>
  RelyingParty.discover(world, {
    client_id: 'vault',
    tenant: 'gadgets',
    redirect_uri: 'https://vault.example.com/callback',
  });

export const gadgetUser = (name: 'ada' | 'bob' | 'cid'): { username: string; password: string } => ({
  username: `${name}@example.com`,
  password: ada.password,
});

/** What a device is told when it begins. RFC 8628 3.2. */
export interface DeviceCodes {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
  readonly interval: number;
}

/** A television: it can show a code and poll. */
export class Television {
  private readonly address: string;
  codes!: DeviceCodes;

  constructor({ base }: World) {
    this.address = `${base}/gadgets/-/tv/oauth`;
  }

  private async post(path: string, form: Readonly<Record<string, string>>) {
    const body = new URLSearchParams({ client_id: 'tv', ...form });
    const answer = await fetch(`${this.address}/${path}`, { method: 'POST', body });
    return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
  }

  async begin(scope = 'openid profile email offline_access'): Promise<DeviceCodes> {
    const { status, ...codes } = await this.post('device_authorization', { scope });
    if (status !== 200) throw new Error(`the television is refused: ${JSON.stringify(codes)}`);
    return (this.codes = codes as unknown as DeviceCodes);
  }

  /** RFC 8628 3.4. */
  poll(): Promise<Record<string, unknown> & { status: number }> {
    return this.post('token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: this.codes.device_code,
    });
  }

  refresh(refresh_token: string): Promise<Record<string, unknown> & { status: number }> {
    return this.post('token', { grant_type: 'refresh_token', refresh_token });
  }
}
