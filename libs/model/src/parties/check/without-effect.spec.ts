import { defaultTrackSettings, fieldName, parseDownParty, parseUpParty, validateTrack } from '../../index.js';

const must = <T>(outcome: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
};

const login = { name: 'login', type: 'login' };
const op = { name: 'op', type: 'oidc', authority: 'https://op.example.com', client_secret: 's' };
const allow_up_parties = ['login'];
const shop = { name: 'shop', type: 'oidc', allow_up_parties, redirect_uris: ['https://shop.example.com/cb'] };
const saml = { name: 'app', type: 'saml2', issuer: 'urn:app', allow_up_parties, acs_urls: ['https://app.example.com'] };
const link = { name: 'link', type: 'track_link', to_up_track_name: 'x', to_up_party_name: 'u', allow_up_parties };

const problems = ({ up = [login], down = [] }: { up?: object[]; down?: object[] }): string[] =>
  validateTrack({
    name: '-',
    settings: defaultTrackSettings,
    up_parties: up.map((party) => must(parseUpParty(party))),
    down_parties: down.map((party) => must(parseDownParty(party))),
  }).map(({ path, message }) => `${fieldName(path)}: ${message}`);

describe('A setting that does nothing on its kind of party', () => {
  const worker = { name: 'worker', type: 'oauth2' };
  const trust = { name: 't', type: 'oauth2', authority: 'https://op.example.com' };
  const claims = [{ claim: 'role' }, { claim: 'email', in_id_token: true }];

  it.each<[string, object, string]>([
    ['binding_style of a client', { ...shop, binding_style: 'dots' }, 'binding_style'],
    ['binding_style of a worker', { ...worker, binding_style: 'tildes' }, 'binding_style'],
    ['binding_style of a SAML application', { ...saml, binding_style: 'dots' }, 'binding_style'],
    ['binding_style of a track link', { ...link, binding_style: 'dots' }, 'binding_style'],
    ['require_pkce of a worker', { ...worker, require_pkce: true }, 'require_pkce'],
    ['in_id_token of a claim of a worker', { ...worker, claims }, 'claims[1].in_id_token'],
    [
      'in_id_token of a scope of a worker',
      { ...worker, scopes: [{ scope: 'x', voluntary_claims: claims }] },
      'scopes[0].voluntary_claims[1].in_id_token',
    ],
    ['in_id_token of a claim of a track link', { ...link, claims }, 'claims[1].in_id_token'],
  ])('is refused by name: %s', (_title, party, field) => {
    expect(problems({ down: [party] })).toEqual([
      expect.stringMatching(`^down_parties\\[0\\]\\.${field.replace(/[[\]]/g, '\\$&')}: has no effect here: .+`),
    ]);
  });

  it.each<[string, object, string]>([
    ['binding_style of a trust', { ...trust, binding_style: 'dots' }, 'binding_style'],
    ['userinfo_endpoint of a trust', { ...trust, userinfo_endpoint: 'https://op.example.com/u' }, 'userinfo_endpoint'],
    ['automatic_stopped of a trust', { ...trust, update_state: 'automatic_stopped' }, 'update_state'],
  ])('is refused by name: %s', (_title, party, field) => {
    expect(problems({ up: [party] })).toEqual([
      expect.stringMatching(`^up_parties\\[0\\]\\.${field}: has no effect here: .+`),
    ]);
  });

  it('may stand with the value that says nothing', () => {
    const off = { binding_style: 'brackets', claims: [{ claim: 'role', in_id_token: false }] };
    expect(problems({ down: [{ ...worker, ...off, require_pkce: false }] })).toEqual([]);
  });

  it('may be written where it does something', () => {
    expect(problems({ up: [{ ...op, binding_style: 'dots', update_state: 'automatic_stopped' }] })).toEqual([]);
    expect(problems({ down: [{ ...shop, claims }] })).toEqual([]);
  });
});
