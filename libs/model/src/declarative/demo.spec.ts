import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  downPartyAddresses,
  formatFileProblem,
  isClient,
  oidcUpPartyAddresses,
  parseDeclarative,
  samlUpPartyAddresses,
} from '../index.js';

const base = 'http://localhost:4400';
const secretNames = ['SHOP', 'ORDERS', 'WORKER', 'PARTNER', 'LEGACY'].map((name) => `DEMO_${name}_SECRET`);
const env = {
  CORSAC_BASE_URL: base,
  ...Object.fromEntries(secretNames.map((name) => [name, `${name}-${'x'.repeat(30)}`])),
};
const text = readFileSync(join(__dirname, '../../../../deploy/demo/demo.yaml'), 'utf8');

const outcome = parseDeclarative([{ file: 'demo.yaml', text }], { env });
const tracks = outcome.ok ? outcome.value.tenants[0]!.tracks : [];
const track = (name: string) => tracks.find((each) => each.name === name)!;
const up = (where: string, name: string) => track(where).up_parties.find((each) => each.name === name);
const down = (where: string, name: string) => track(where).down_parties.find((each) => each.name === name);

describe('The demo', () => {
  it('is valid', () => {
    expect(outcome.ok ? [] : outcome.error.map(formatFileProblem)).toEqual([]);
  });

  it('is the tenant acme with its four tracks', () => {
    expect(outcome).toMatchObject({ value: { tenants: [{ name: 'acme' }] } });
    expect(tracks.map(({ name }) => name)).toEqual(['-', 'partner', 'legacy', 'master']);
  });

  it('has ada in every track', () => {
    for (const { users } of tracks) {
      expect(users.find(({ email }) => email === 'ada@example.com')).toMatchObject({
        password: 'Corsac-demo-1',
        email_verified: true,
      });
    }
  });

  it('gives ada every standard claim with its JSON type', () => {
    const { claims } = track('-').users[0]!;
    expect(Object.keys(claims).sort()).toEqual(
      'address birthdate family_name gender given_name locale middle_name name nickname picture profile updated_at website zoneinfo'.split(
        ' ',
      ),
    );
    expect([typeof claims.updated_at, typeof claims.address]).toEqual(['number', 'object']);
  });

  it('has an administrator with all rights and one who only reads', () => {
    expect(track('master').users.map(({ email, roles }) => [email, roles[0]])).toEqual([
      ['admin@example.com', 'corsac:tenant'],
      ['reader@example.com', 'corsac:tenant.read'],
      ['ada@example.com', 'customer'],
    ]);
  });

  it('knows clients from APIs', () => {
    const kinds = Object.fromEntries(track('-').down_parties.map((party) => [party.name, isClient(party)]));
    expect(kinds).toEqual({
      shop: true,
      spa: true,
      orders: true,
      'orders-worker': true,
      billing: false,
      'partner-connection': false,
    });
  });

  it('names both ends of the track links', () => {
    expect(up('-', 'partner-connection')).toMatchObject({
      to_down_track_name: 'partner',
      to_down_party_name: 'dash-connection',
    });
    expect(down('partner', 'dash-connection')).toMatchObject({
      to_up_track_name: '-',
      to_up_party_name: 'partner-connection',
    });
    expect(up('partner', 'dash-connection')).toMatchObject({
      to_down_track_name: '-',
      to_down_party_name: 'partner-connection',
    });
    expect(down('-', 'partner-connection')).toMatchObject({
      to_up_track_name: 'partner',
      to_up_party_name: 'dash-connection',
    });
  });

  it('registers the addresses that the OpenID Connect up-party really has', () => {
    const addresses = oidcUpPartyAddresses({ base, tenant: 'acme', track: '-', upParty: 'partner-oidc' });
    expect(down('partner', 'production-oidc')).toMatchObject({
      redirect_uris: [addresses.redirect_uri],
      post_logout_redirect_uris: [addresses.post_logout_redirect_uri],
      frontchannel_logout_uri: addresses.frontchannel_logout_uri,
      backchannel_logout_uri: addresses.backchannel_logout_uri,
    });
    const there = downPartyAddresses({
      base,
      tenant: 'acme',
      track: 'partner',
      party: 'production-oidc',
      upParties: ['login'],
    });
    expect(up('-', 'partner-oidc')).toMatchObject({ authority: there.issuer, client_id: 'production-oidc' });
  });

  it('registers the addresses that the SAML up-party really has', () => {
    const { acs, single_logout } = samlUpPartyAddresses({ base, tenant: 'acme', track: '-', upParty: 'partner-saml' });
    expect(down('partner', 'production-saml')).toMatchObject({
      acs_urls: [acs],
      single_logout_url: single_logout,
      issuer: `${base}/acme/-`,
    });
  });

  it('needs its secrets from outside, and names each that is missing', () => {
    const missing = parseDeclarative([{ file: 'demo.yaml', text }], { env: { CORSAC_BASE_URL: base } });
    const messages = missing.ok ? [] : missing.error.map(({ message }) => message);
    for (const name of secretNames) expect(messages).toContain(`the environment has no ${name}`);
  });
});
