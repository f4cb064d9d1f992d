import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { externalLinkOf, parseExternalUser, parseUpParty, validateTrack, withRecordClaims } from '../index.js';
import {
  defaultTrackSettings,
  fieldName,
  formatFileProblem,
  formatTrack,
  parseDeclarative,
  type Claims,
} from '../index.js';
import { withCompanions } from './changed-fields.js';

const by = { link_claim_type: 'sub', redemption_claim_type: 'email' };
const given = { sub: 'op|1', email: ' Ada@Example.com', email_verified: true };

describe('what links a sign-in to a record', () => {
  it.each<[string, Claims, object | undefined]>([
    ['the link value, and a verified address in small letters', given, { link: 'op|1', redemption: 'ada@example.com' }],
    [
      'an address verified in words, as in an assertion',
      { ...given, email_verified: 'true' },
      { link: 'op|1', redemption: 'ada@example.com' },
    ],
    ['no address that is not verified', { ...given, email_verified: false }, { link: 'op|1' }],
    ['no address of which nothing is said', { sub: 'op|1', email: 'ada@example.com' }, { link: 'op|1' }],
    ['no address verified by another word', { ...given, email_verified: 'yes' }, { link: 'op|1' }],
    ['no address verified by a list', { ...given, email_verified: [true] }, { link: 'op|1' }],
    ['the first of several values', { ...given, sub: ['a', 'b'] }, { link: 'a', redemption: 'ada@example.com' }],
    ['nothing without a link value', { email: 'ada@example.com', email_verified: true }, undefined],
    ['nothing by an empty value', { ...given, sub: '' }, undefined],
    ['nothing by a value that is too long', { ...given, sub: 'x'.repeat(501) }, undefined],
  ])('is %s', (_what, claims, link) => {
    expect(externalLinkOf(claims, by)).toEqual(link);
  });

  it('takes a claim without a flag of its own for what the provider says it is', () => {
    const settings = { link_claim_type: 'oid', redemption_claim_type: 'employee' };
    expect(externalLinkOf({ oid: 7, employee: 'E-12' }, settings)).toEqual({ link: '7', redemption: 'e-12' });
  });

  it('wants phone numbers verified too', () => {
    const settings = { link_claim_type: 'sub', redemption_claim_type: 'phone_number' };
    expect(externalLinkOf({ sub: 'a', phone_number: '+451' }, settings)).toEqual({ link: 'a' });
  });
});

describe('claims of a record and of a sign-in', () => {
  const record = { role: ['buyer', 'guest'], name: 'Ada Lovelace', team: 'blue' };
  it.each<[string, Claims, Claims, boolean, Claims]>([
    ['adds what the provider does not say', { sub: 'a' }, record, false, { sub: 'a', ...record }],
    [
      'puts the record’s values first',
      { role: 'guest', team: ['red'] },
      record,
      false,
      { ...record, team: ['blue', 'red'] },
    ],
    [
      'leaves the provider a claim that has one value',
      { name: 'Countess' },
      { name: 'Ada' },
      false,
      { name: 'Countess' },
    ],
    ['overwrites', { name: 'Countess', role: 'x' }, record, true, record],
    [
      'keeps what the record does not say when it overwrites',
      { email: 'a@b.c' },
      record,
      true,
      { email: 'a@b.c', ...record },
    ],
  ])('%s', (_what, claims, of, overwrite, merged) => {
    expect(withRecordClaims(claims, of, overwrite)).toEqual(merged);
  });

  it.each<[string, Claims, Claims, boolean, Claims]>([
    [
      'an overwritten address',
      { email: 'a@op.test', email_verified: true },
      { email: 'b@here.test' },
      true,
      { email: 'b@here.test' },
    ],
    ['an added address', { email_verified: true }, { email: 'b@here.test' }, false, { email: 'b@here.test' }],
    [
      'an address of its own',
      { email: 'a@op.test' },
      { email: 'b@here.test', email_verified: true },
      false,
      { email: 'a@op.test' },
    ],
    [
      'a flag alone',
      { email: 'a@op.test', email_verified: false },
      { email_verified: true },
      true,
      { email: 'a@op.test', email_verified: false },
    ],
  ])('never lets one side vouch for the other: %s', (_what, claims, of, overwrite, merged) => {
    expect(withRecordClaims(claims, of, overwrite)).toEqual(merged);
  });
});

describe('a record of an external user', () => {
  const problemsOf = (input: object): string[] => {
    const parsed = parseExternalUser(input);
    return parsed.ok ? [] : parsed.error.map(({ path }) => fieldName(path));
  };

  it('is read with what redeems it in small letters', () => {
    expect(parseExternalUser({ up_party: 'op', redemption_claim_value: ' Ada@Example.com ' })).toMatchObject({
      ok: true,
      value: { up_party: 'op', redemption_claim_value: 'ada@example.com', disabled: false, claims: {} },
    });
  });

  it.each<[string, object, string[]]>([
    ['without a value to find it by', { up_party: 'op' }, ['link_claim_value']],
    [
      'with claims that the sign-in makes',
      { claims: { sub: 'x', local_sub: 'y' } },
      ['claims.sub', 'claims.local_sub'],
    ],
    ['with a claim of a wrong type', { claims: { email_verified: 'yes' } }, ['claims.email_verified']],
    ['with a value that is too long', { link_claim_value: 'x'.repeat(501) }, ['link_claim_value']],
    ['with an unknown setting', { passwort: 'x' }, ['passwort']],
  ])('is refused %s', (_what, more, fields) => {
    expect(
      problemsOf({ up_party: 'op', ...(fields[0] !== 'link_claim_value' && { link_claim_value: 'a' }), ...more }),
    ).toEqual(fields);
  });
});

describe('records of a track', () => {
  const op = { type: 'oidc', name: 'op', authority: 'https://op.test', client_secret: 's' };
  const problemsOf = (
    link_external_user: object | undefined,
    external_users: object[],
    more: object = {},
  ): string[] => {
    const party = parseUpParty({ ...op, ...more, ...(link_external_user && { link_external_user }) });
    if (!party.ok) return party.error.map(({ path, message }) => `${fieldName(path)}: ${message}`);
    const users = external_users.map((user) => {
      const parsed = parseExternalUser(user);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
      return parsed.value;
    });
    return validateTrack({
      name: '-',
      settings: defaultTrackSettings,
      up_parties: [party.value],
      down_parties: [],
      external_users: users,
    }).map(({ path, message }) => `${fieldName(path)}: ${message}`);
  };
  const linked = { up_party: 'op', link_claim_value: 'op|1' };

  it('are fine where the up-party looks for them', () => {
    expect(
      problemsOf({ redemption_claim_type: 'email' }, [linked, { up_party: 'op', redemption_claim_value: 'a' }]),
    ).toEqual([]);
  });

  it.each<[string, object | undefined, object[], RegExp]>([
    [
      'of an up-party that is not there',
      {},
      [{ ...linked, up_party: 'no' }],
      /external_users\[0\]\.up_party: there is no/,
    ],
    [
      'of an up-party that looks for none',
      undefined,
      [linked],
      /external_users\[0\]\.up_party: .*no link_external_user/,
    ],
    ['that nothing could redeem', {}, [{ up_party: 'op', redemption_claim_value: 'a' }], /no redemption_claim_type/],
    ['that share a value', {}, [linked, linked], /external_users\[1\]\.link_claim_value: op\|1 belongs to another/],
  ])('are refused %s', (_what, settings, users, problem) => {
    expect(problemsOf(settings, users).join('\n')).toMatch(problem);
  });

  it.each<[string, object, object, RegExp]>([
    ['both ways at once', { auto_create_user: true, require_user: true }, {}, /require_user: and auto_create_user/],
    ['a page where nothing is made', { elements: [{ type: 'name' }] }, {}, /elements: has no effect/],
    ['a link that is not let through', { link_claim_type: 'oid' }, { claims: ['name'] }, /needs claim oid/],
    [
      'an address without its flag',
      { redemption_claim_type: 'email' },
      { claims: ['email'] },
      /needs claim email_verified/,
    ],
    [
      'a claim that the sign-in makes',
      { auto_create_user: true, up_party_claims: ['amr'] },
      {},
      /up_party_claims\[0\]/,
    ],
    [
      'an expression that is none',
      { auto_create_user: true, elements: [{ type: 'custom', claim: 'x', display_name: 'X', reg_ex: '(' }] },
      {},
      /reg_ex/,
    ],
  ])('settings that ask %s are refused', (_what, settings, more, problem) => {
    expect(problemsOf(settings, [], more).join('\n')).toMatch(problem);
  });
});

describe('fields that change together', () => {
  it('are an address with its flag, and a password with the wish to change it', () => {
    expect(withCompanions(['roles'])).toEqual(['roles']);
    expect(withCompanions(['email'])).toEqual(['email', 'email_verified']);
    expect(withCompanions(['password', 'phone'])).toEqual(['phone', 'password', 'phone_verified', 'change_password']);
  });
});

describe('the page about external users', () => {
  const root = join(__dirname, '../../../..');
  const text = readFileSync(join(root, 'docs/howto/external-users.md'), 'utf8');
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);
  const demo = readFileSync(join(root, 'deploy/demo/demo.yaml'), 'utf8');
  const env = Object.fromEntries(
    [...demo.matchAll(/\$\{([A-Z0-9_]+)\}/g)].map(([, name = '']) => [name, 'https://id.test']),
  );
  const read = (files: readonly string[]) =>
    parseDeclarative(
      files.map((yaml, index) => ({ file: `${index}.yaml`, text: yaml })),
      { env: { ...env, PASSWORD: 'Corsac-demo-1' } },
    );

  it('has files that load beside the demo, and read back as they were written', () => {
    const wanted = read([demo, ...blocks]);
    expect(wanted.ok ? [] : wanted.error.map(formatFileProblem)).toEqual([]);
    if (!wanted.ok) return;
    const tracks = wanted.value.tenants.find(({ name }) => name === 'acme')?.tracks ?? [];
    const track = tracks.find(({ name }) => name === '-')!;
    expect(track.external_users).toHaveLength(2);
    const again = read([formatTrack('acme', track)]);
    expect(again.ok && again.value.tenants[0]?.tracks[0]?.external_users).toEqual(track.external_users);
    expect(again.ok && again.value.tenants[0]?.tracks[0]?.up_parties).toEqual(track.up_parties);
  });
});
