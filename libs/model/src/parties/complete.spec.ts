import { completeDownParty, isClient, isResource, storedDownPartySchema } from '../index.js';

const parse = (input: object) => completeDownParty(storedDownPartySchema.parse(input));

describe('Settings of a down-party that follow from others', () => {
  it('gives an OpenID Connect client the code flow with refresh tokens', () => {
    expect(parse({ name: 'shop', type: 'oidc' })).toMatchObject({
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      require_pkce: true,
    });
  });

  it('asks no browser for an answer of a client that only devices are, RFC 8628', () => {
    const device = 'urn:ietf:params:oauth:grant-type:device_code';
    const of = (grant_types: string[]): object => parse({ name: 'tv', type: 'oidc', grant_types });
    expect(of([device, 'refresh_token'])).toMatchObject({ response_types: [] });
    expect(of([device, 'authorization_code'])).toMatchObject({ response_types: ['code'] });
    expect(of([device, 'implicit'])).toMatchObject({ response_types: ['code'] });
    expect(of(['authorization_code'])).toMatchObject({ response_types: ['code'] });
  });

  it.each([
    [['token id_token'], ['implicit']],
    [['id_token'], ['implicit']],
    [
      ['code', 'token'],
      ['authorization_code', 'refresh_token', 'implicit'],
    ],
    [['code id_token'], ['authorization_code', 'refresh_token', 'implicit']],
  ])('derives the grants of response types %j', (response_types, grant_types) => {
    expect(parse({ name: 'shop', type: 'oidc', response_types })).toMatchObject({ grant_types });
  });

  it('writes the words of a response type in one order', () => {
    expect(parse({ name: 'shop', type: 'oidc', response_types: ['token id_token code'] })).toMatchObject({
      response_types: ['code id_token token'],
    });
  });

  it('refuses an unknown response type', () => {
    expect(storedDownPartySchema.safeParse({ name: 'shop', type: 'oidc', response_types: ['code code'] }).success).toBe(
      false,
    );
    expect(storedDownPartySchema.safeParse({ name: 'shop', type: 'oidc', response_types: ['none'] }).success).toBe(
      false,
    );
  });

  it('makes the client itself its resource when it names none', () => {
    expect(parse({ name: 'shop', type: 'oidc' })).toMatchObject({
      resource_scopes: [{ resource: 'shop', scopes: [] }],
    });
    expect(parse({ name: 'shop', type: 'oidc', resource_scopes: [] })).toMatchObject({
      resource_scopes: [{ resource: 'shop', scopes: [] }],
    });
  });

  it('leaves the client out of the audience when it names only another resource', () => {
    expect(parse({ name: 'shop', type: 'oidc', resource_scopes: [{ resource: 'orders' }] })).toMatchObject({
      resource_scopes: [{ resource: 'orders', scopes: [] }],
    });
  });

  it('adds scopes asked on the own name to the own resource', () => {
    const party = parse({
      name: 'shop',
      type: 'oidc',
      resource: { scopes: ['a'] },
      resource_scopes: [{ resource: 'shop', scopes: ['a', 'b'] }],
    });
    expect(party).toMatchObject({ resource: { scopes: ['a', 'b'] } });
  });

  it('gives a new OpenID Connect client the default scopes, and no other', () => {
    const party = parse({ name: 'shop', type: 'oidc' });
    expect(party.type === 'oidc' && party.scopes.map(({ scope }) => scope)).toEqual([
      'offline_access',
      'profile',
      'email',
      'address',
      'phone',
    ]);
    expect(parse({ name: 'shop', type: 'oidc', scopes: [] })).toMatchObject({ scopes: [] });
    expect(parse({ name: 'worker', type: 'oauth2' })).toMatchObject({ scopes: [] });
  });

  it('marks the claims of a default scope that the ID token has', () => {
    const party = parse({ name: 'shop', type: 'oidc' });
    const email = party.type === 'oidc' ? party.scopes.find(({ scope }) => scope === 'email') : undefined;
    expect(email?.voluntary_claims).toEqual([
      { claim: 'email', in_id_token: true },
      { claim: 'email_verified', in_id_token: false },
    ]);
  });

  it('takes an oauth2 party with only a resource for an API, not for a client', () => {
    const api = parse({ name: 'orders', type: 'oauth2', resource: { scopes: ['read'] } });
    expect([isClient(api), isResource(api)]).toEqual([false, true]);
    expect(api).toMatchObject({ resource_scopes: [] });
  });

  it('takes an oauth2 party as the seeds write it for a client credentials client', () => {
    const worker = parse({
      name: 'worker',
      type: 'oauth2',
      response_types: ['token'],
      redirect_uris: ['https://worker.example.com'],
    });
    expect([isClient(worker), isResource(worker)]).toEqual([true, false]);
    expect(worker).toMatchObject({ require_pkce: false, grant_types: expect.arrayContaining(['client_credentials']) });
  });

  it('keeps grants that were written', () => {
    expect(parse({ name: 'shop', type: 'oidc', grant_types: ['authorization_code'] })).toMatchObject({
      grant_types: ['authorization_code'],
    });
  });

  it.each([
    { name: 'a', type: 'oidc' },
    {
      name: 'a',
      type: 'oidc',
      response_types: ['id_token token'],
      resource_scopes: [{ resource: 'a', scopes: ['x'] }],
    },
    { name: 'a', type: 'oauth2', resource: { scopes: ['x'] } },
    { name: 'a', type: 'oauth2', resource_scopes: [{ resource: 'b' }] },
  ])('changes nothing when it is done again: %j', (input) => {
    const once = parse(input);
    expect(parse(once)).toEqual(once);
  });

  it('leaves parties of other protocols as they are', () => {
    const link = parse({ name: 'link', type: 'track_link', to_up_track_name: '-', to_up_party_name: 'up' });
    expect(link).toMatchObject({ claims: [{ claim: '*' }] });
    expect([isClient(link), isResource(link)]).toEqual([false, false]);
  });
});
