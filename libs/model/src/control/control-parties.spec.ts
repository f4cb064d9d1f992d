import { grantScopes } from '@corsac/oauth';
import {
  controlApiName,
  controlApiScopes,
  controlClientName,
  controlParties,
  defaultTrackSettings,
  isClient,
  isResource,
  parseDownParty,
  parseUpParty,
  rightsInScope,
  validateTrack,
  type DownParty,
  type OidcDownParty,
  type UpParty,
} from '../index.js';

const base = 'https://id.example.com';
const upParty = (name: string, type = 'login', more: object = {}): UpParty => {
  const parsed = parseUpParty({ name, type, ...more });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value as UpParty;
};
const foreign = [
  upParty('azure', 'oidc', { authority: 'https://op.example.com', client_secret: 's' }),
  upParty('saml', 'saml2', { metadata_url: 'https://idp.example.com/metadata' }),
  upParty('link', 'track_link', { to_down_track_name: '-', to_down_party_name: 'x' }),
  upParty('trust', 'oauth2', { authority: 'https://trust.example.com' }),
];
const ofTrack = (up_parties: readonly UpParty[] = [upParty('login')], down: readonly { name: string }[] = []) =>
  controlParties({ name: 'master', up_parties, down_parties: down as DownParty[] }, base);
const client = (up_parties?: readonly UpParty[]) =>
  ofTrack(up_parties).find(({ name }) => name === controlClientName) as OidcDownParty;

describe('parties of Control', () => {
  it('are a client and a resource of the track master, and of no other', () => {
    expect(ofTrack().map(({ name, type }) => [name, type])).toEqual([
      [controlApiName, 'oauth2'],
      [controlClientName, 'oidc'],
    ]);
    for (const name of ['-', 'dev', 'control', 'Master'])
      expect(controlParties({ name, up_parties: [upParty('login')], down_parties: [] }, base)).toEqual([]);
  });

  it('hold in a track as if somebody had written them, with every default filled in', () => {
    const up_parties = [...foreign, upParty('login')];
    const parties = ofTrack(up_parties);
    expect(
      validateTrack({ name: 'master', settings: defaultTrackSettings, up_parties, down_parties: parties as never }),
    ).toEqual([]);
    for (const party of parties)
      expect(parseDownParty(JSON.parse(JSON.stringify(party)))).toEqual({ ok: true, value: party });
  });

  it('are a public client with code, PKCE, refresh and the device grant, and an API that is no client', () => {
    expect(client()).toMatchObject({
      token_endpoint_auth_method: 'none',
      secrets: [],
      require_pkce: true,
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      redirect_uris: [`${base}/control/callback`],
      post_logout_redirect_uris: [`${base}/control/`],
    });
    const [api] = ofTrack() as [DownParty & { grant_types: string[] }];
    expect([isClient(api), isResource(api)]).toEqual([false, true]);
  });

  it.each([
    ['https://id.example.com/', 'https://id.example.com/control/callback'],
    ['http://localhost:4400', 'http://localhost:4400/control/callback'],
    ['https://example.com/id', 'https://example.com/id/control/callback'],
  ])('come back to Control where the installation is: %s', (at, callback) => {
    const parties = controlParties({ name: 'master', up_parties: [upParty('login')], down_parties: [] }, at);
    expect((parties[1] as OidcDownParty).redirect_uris).toEqual([callback]);
  });

  it('let only users of the track sign in, in the order of its up-parties', () => {
    expect(client([...foreign, upParty('staff'), upParty('login')]).allow_up_parties).toEqual(['staff', 'login']);
  });

  it('are no client where the track has no users of its own', () => {
    expect(ofTrack(foreign).map(({ name }) => name)).toEqual([controlApiName]);
    expect(ofTrack([]).map(({ name }) => name)).toEqual([controlApiName]);
  });

  it('name no more up-parties than a down-party may', () => {
    const many = Array.from({ length: 201 }, (_, at) => upParty(`login-${at}`));
    expect(client(many).allow_up_parties).toHaveLength(200);
  });

  it('give way to parties of the same name', () => {
    expect(ofTrack(undefined, [{ name: controlClientName }]).map(({ name }) => name)).toEqual([controlApiName]);
    expect(ofTrack(undefined, [{ name: controlApiName }]).map(({ name }) => name)).toEqual([controlClientName]);
    expect(ofTrack(undefined, [{ name: controlApiName }, { name: controlClientName }])).toEqual([]);
  });

  it('are the same whenever the track is the same, and nobody’s change reaches the next', () => {
    const first = client();
    first.scopes[0]!.scope = 'changed';
    first.resource_scopes[0]!.scopes.length = 0;
    expect(client()).not.toEqual(first);
    expect(client()).toEqual(client());
  });

  it('issue role, name and email in access tokens', () => {
    expect(client().claims).toEqual([
      { claim: 'role', values: [], in_id_token: false },
      { claim: 'name', values: [], in_id_token: true },
      { claim: 'email', values: [], in_id_token: true },
    ]);
  });
});

describe('scopes of the Control API in requests', () => {
  const request = (scope: string) => grantScopes(client(), { scope: scope.split(' ') });

  it.each(['.', ':'])('are asked for after the name of the API and %p, and stand so in the token', (separator) => {
    for (const right of controlApiScopes) {
      const scope = `openid ${controlApiName}${separator}${right}`;
      const granted = request(scope);
      if (!granted.ok) throw new Error(granted.error.error_description);
      expect(granted.value).toEqual({
        scope: scope.split(' '),
        resources: [controlApiName],
        resource_scope: true,
        targeted: false,
      });
      expect(rightsInScope(granted.value.scope.join(' '))).toEqual([right]);
    }
  });

  it.each(['corsac:tenant', 'corsac_control_api.corsac:tenant:track[dev]', 'corsac_control_api.corsac:all'])(
    'refuses %s',
    (scope) => {
      expect(request(`openid ${scope}`)).toMatchObject({ ok: false, error: { error: 'invalid_scope' } });
    },
  );
});

describe('clients of the Control API that somebody writes', () => {
  const problems = (name: string, scopes: string[]) => {
    const robot = parseDownParty({
      type: 'oauth2',
      name: 'robot',
      secrets: ['a secret that is long enough'],
      grant_types: ['client_credentials'],
      resource_scopes: [{ resource: controlApiName, scopes }],
      claims: [{ claim: 'role', values: ['corsac:tenant.read'] }],
    });
    if (!robot.ok) throw new Error(JSON.stringify(robot.error));
    return validateTrack({
      name,
      settings: defaultTrackSettings,
      up_parties: [upParty('login')],
      down_parties: [robot.value],
    }).map(({ message }) => message);
  };

  it('may ask for its scopes in the track master, where nobody has to write the API', () => {
    expect(problems('master', ['corsac:tenant.read'])).toEqual([]);
    expect(problems('master', ['corsac:everything'])).toEqual([
      'resource corsac_control_api has no scope corsac:everything',
    ]);
  });

  it('find no such API in another track', () => {
    expect(problems('-', ['corsac:tenant.read'])).toEqual(['there is no resource corsac_control_api']);
  });
});
