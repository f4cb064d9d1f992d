import { assertion as made, now } from '../../test/samples.js';
import { authnContexts, nameIdFormats } from '../names.js';
import type { Assertion } from '../response/assertion.js';
import type { SamlClaims } from './assertion-claims.js';
import { claimsOfAssertion } from './assertion-claims.js';
import type { NameIdRule } from './assertion-content.js';
import { assertionContent } from './assertion-content.js';
import { amrOfClassRef, classRefOfAmr } from './authn-context.js';
import { defaultIssuedSamlClaims, defaultMappings, lockedMappings, samlClaims } from './claim-names.js';
import { jwtClaimsToSaml, samlClaimsToJwt } from './map-claims.js';
import { mappingTable } from './mapping-table.js';
import { selectSamlClaims } from './select-claims.js';

const table = mappingTable();
const WS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';
const FW = 'http://schemas.foxids.com/ws/identity/claims/';

const assertion: Assertion = {
  id: '_1',
  issuer: 'https://idp.example',
  issued_at: now,
  name_id: made.name_id,
  confirmations: [],
  authn: { ...made.authn, authenticating_authorities: [] },
  attributes: made.attributes,
};

const claimsOf = (change: Partial<Assertion>): SamlClaims => {
  const outcome = claimsOfAssertion({ ...assertion, ...change });
  if (!outcome.ok) throw new Error(outcome.error.message);
  return outcome.value;
};

const attributes = (...list: [string, ...string[]][]) => ({
  attributes: list.map(([name, ...values]) => ({ name, values })),
});
const jwtOf = (...list: [string, ...string[]][]) => samlClaimsToJwt(claimsOf(attributes(...list)), table);

describe('From an assertion to claims', () => {
  it('says who, which session, when and how, beside the attributes', () => {
    expect(samlClaimsToJwt(claimsOf({}), table)).toEqual({
      sub: 'user-1',
      sub_format: nameIdFormats.persistent,
      sid: '_session1',
      auth_time: now - 10,
      acr: authnContexts.passwordProtectedTransport,
      amr: ['pwd'],
      email: 'a@example.com',
      role: ['admin', 'user & <b>"x"</b>', 'ære'],
    });
  });

  it.each(
    [...lockedMappings, ...defaultMappings].filter(
      ({ jwt_claim }) => !['sub', 'sub_format', 'sid', 'amr', 'email_verified'].includes(jwt_claim),
    ),
  )('maps $saml_claim to $jwt_claim, whatever its case', ({ jwt_claim, saml_claim }) => {
    expect(jwtOf([saml_claim, 'x'])[jwt_claim]).toBe('x');
    expect(jwtOf([saml_claim.toUpperCase(), 'x'])[jwt_claim]).toBe('x');
  });

  it('keeps the name of an attribute that is not mapped, cut to the length of a claim type', () => {
    expect(jwtOf(['urn:custom', 'x'])).toMatchObject({ 'urn:custom': 'x' });
    expect(jwtOf(['y'.repeat(200), 'x'])).toMatchObject({ ['y'.repeat(100)]: 'x' });
  });

  it('gives several values as a list, also when they come in several attributes', () => {
    expect(jwtOf(['group', 'a'], ['group', 'b', 'c']).group).toEqual(['a', 'b', 'c']);
    expect(jwtOf(['group', 'a']).group).toBe('a');
    expect('group' in jwtOf(['group'])).toBe(false);
  });

  it.each([
    'sub',
    'iss',
    'aud',
    'exp',
    'amr',
    'acr',
    'auth_time',
    'sid',
    'client_id',
    'scope',
    'act',
    'cnf',
    'auth_method',
    'access_token',
  ])('takes no attribute that merely bears the name %s', (name) => {
    const plain = samlClaimsToJwt(claimsOf({ attributes: [] }), table);
    expect(jwtOf([name, 'evil'])).toEqual(plain);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('takes no attribute %s', (name) => {
    const claims = jwtOf([name, 'evil']);
    expect(Object.hasOwn(claims, name)).toBe(false);
    expect(({} as Record<string, unknown>).evil).toBeUndefined();
  });

  it('lets no attribute stand in for the NameID, the session or the login', () => {
    const claims = claimsOf(
      attributes(
        [samlClaims.nameIdentifier, 'admin'],
        [samlClaims.nameIdentifier.toUpperCase(), 'admin'],
        [samlClaims.sessionIndex, 'other'],
        [samlClaims.authenticationInstant, '2000-01-01T00:00:00Z'],
        [samlClaims.authenticationMethod, 'urn:foxids:mfa'],
      ),
    );
    expect(samlClaimsToJwt(claims, table)).toEqual(samlClaimsToJwt(claimsOf({ attributes: [] }), table));
  });

  it('gives booleans, numbers and addresses their type', () => {
    expect(jwtOf([`${FW}emailverified`, 'True'])).toMatchObject({ email_verified: true });
    expect(jwtOf([`${FW}emailverified`, 'yes'])).toMatchObject({ email_verified: 'yes' });
    expect(jwtOf(['phone_number_verified', 'false'])).toMatchObject({ phone_number_verified: false });
    expect(jwtOf(['updated_at', '123'])).toMatchObject({ updated_at: 123 });
    expect(jwtOf(['address', '{"country":"DK"}'])).toMatchObject({ address: { country: 'DK' } });
    expect(jwtOf(['address', '{broken'])).toMatchObject({ address: '{broken' });
    expect(jwtOf(['address', 'Street 1'])).toMatchObject({ address: 'Street 1' });
  });

  it('takes amr that was sent for more than the class of the login', () => {
    expect(jwtOf([samlClaims.amr, 'pwd', 'otp'])).toMatchObject({ amr: ['pwd', 'otp'] });
    expect(jwtOf([samlClaims.amr, 'otp'])).toMatchObject({ amr: ['otp'] });
  });

  it('names a user without NameID by upn, then email, then name', () => {
    const without = (...list: [string, ...string[]][]) =>
      claimsOfAssertion({ ...assertion, name_id: undefined, ...attributes(...list) });
    const all: [string, string][] = [
      [samlClaims.name, 'n'],
      [samlClaims.email, 'e'],
      [samlClaims.upn, 'u'],
    ];
    expect(without(...all)).toMatchObject({ ok: true, value: expect.any(Map) });
    const whoOf = (...list: [string, ...string[]][]) => {
      const outcome = without(...list);
      return outcome.ok ? outcome.value.get(samlClaims.nameIdentifier) : outcome.error.reason;
    };
    expect(whoOf(...all)).toEqual(['u']);
    expect(whoOf(all[0]!, all[1]!)).toEqual(['e']);
    expect(whoOf(all[0]!, [samlClaims.email, ''])).toEqual(['n']);
    expect(whoOf(['other', 'x'])).toBe('subject_missing');
  });

  it('leaves out what the assertion does not say', () => {
    const bare = claimsOf({ authn: undefined, name_id: { value: 'x' }, attributes: [] });
    expect(samlClaimsToJwt(bare, table)).toEqual({ sub: 'x', sub_format: nameIdFormats.persistent });
    const silent = claimsOf({ authn: { instant: now, authenticating_authorities: [] }, attributes: [] });
    expect(samlClaimsToJwt(silent, table)).not.toHaveProperty('acr');
  });
});

describe('The class of a login', () => {
  it.each([
    [['mfa', 'pwd'], 'urn:foxids:mfa'],
    [['pwd'], authnContexts.passwordProtectedTransport],
    [['otp'], authnContexts.unspecified],
    [[], authnContexts.unspecified],
  ])('amr %j is %s', (amr, classRef) => {
    expect(classRefOfAmr(amr)).toBe(classRef);
  });

  it.each([
    ['urn:foxids:mfa', ['mfa']],
    [authnContexts.passwordProtectedTransport, ['pwd']],
    [authnContexts.password, ['pwd']],
    [authnContexts.unspecified, undefined],
  ])('%s is amr %j', (classRef, amr) => {
    expect(amrOfClassRef(classRef)).toEqual(amr);
  });
});

describe('From claims to an assertion', () => {
  const claims = {
    sub: 'up|user-1',
    sid: 's1',
    auth_time: now - 100,
    amr: ['pwd', 'mfa'],
    email: 'a@example.com',
    email_verified: true,
    role: ['a', 'b'],
    address: { country: 'DK' },
    nothing: null,
    iss: 'https://track.example',
    aud: ['x'],
    exp: 1,
    nonce: 'n',
  };

  it('maps names, keeps every value, and leaves out what is about a token', () => {
    expect(Object.fromEntries(jwtClaimsToSaml(claims, table, now))).toEqual({
      [samlClaims.nameIdentifier]: ['up|user-1'],
      [samlClaims.nameIdFormat]: [nameIdFormats.persistent],
      [samlClaims.sessionIndex]: ['s1'],
      [samlClaims.amr]: ['pwd', 'mfa'],
      [samlClaims.email]: ['a@example.com'],
      [`${FW}emailverified`]: ['true'],
      'http://schemas.microsoft.com/ws/2008/06/identity/claims/role': ['a', 'b'],
      address: ['{"country":"DK"}'],
      [samlClaims.authenticationInstant]: ['2026-11-20T11:58:20Z'],
      [samlClaims.authenticationMethod]: ['urn:foxids:mfa'],
    });
  });

  it('says now where the time of the login is not known, and keeps a format that is', () => {
    const result = jwtClaimsToSaml({ sub: 'x', sub_format: 'urn:f' }, table, now);
    expect(result.get(samlClaims.authenticationInstant)).toEqual(['2026-11-20T12:00:00Z']);
    expect(result.get(samlClaims.nameIdFormat)).toEqual(['urn:f']);
  });

  it('comes back as it went', () => {
    const there = jwtClaimsToSaml(
      { sub: 'x', email: 'e', given_name: 'g', custom: ['1', '2'], auth_time: now, amr: ['pwd'] },
      table,
      now,
    );
    expect(samlClaimsToJwt(there, table)).toMatchObject({
      sub: 'x',
      email: 'e',
      given_name: 'g',
      custom: ['1', '2'],
      auth_time: now,
      amr: ['pwd'],
    });
  });
});

describe('The table of a track', () => {
  it('replaces a default, per direction', () => {
    const own = mappingTable([{ jwt_claim: 'mail', saml_claim: samlClaims.email }]);
    expect(own.toJwt.get(samlClaims.email)).toEqual(['mail']);
    expect(own.toSaml.get('email')).toEqual([samlClaims.email]);
    expect(own.toSaml.get('mail')).toEqual([samlClaims.email]);
  });

  it('maps one name to several', () => {
    const own = mappingTable([
      { jwt_claim: 'a', saml_claim: 'urn:x' },
      { jwt_claim: 'b', saml_claim: 'URN:X' },
    ]);
    expect(own.toJwt.get('urn:x')).toEqual(['a', 'b']);
    expect(samlClaimsToJwt(claimsOf(attributes(['urn:X', '1'])), own)).toMatchObject({ a: '1', b: '1' });
  });

  it('cannot change a locked name', () => {
    const own = mappingTable([
      { jwt_claim: 'other', saml_claim: samlClaims.nameIdentifier },
      { jwt_claim: 'sub', saml_claim: 'urn:evil' },
    ]);
    expect(own.toJwt.get(samlClaims.nameIdentifier)).toEqual(['sub']);
    expect(own.toSaml.get('sub')).toEqual([samlClaims.nameIdentifier]);
  });
});

describe('Which claims an application gets', () => {
  const claims: SamlClaims = new Map([
    [samlClaims.nameIdentifier, ['x']],
    [samlClaims.email, ['e']],
    ['custom', ['c']],
  ]);
  const select = (list: { claim: string; values?: string[] }[]) =>
    Object.fromEntries(selectSamlClaims(claims, list, defaultIssuedSamlClaims, table));

  it('are the default ones and the listed ones, named either way', () => {
    expect(select([])).toEqual({ [samlClaims.nameIdentifier]: ['x'] });
    expect(select([{ claim: 'email' }])).toMatchObject({ [samlClaims.email]: ['e'] });
    expect(select([{ claim: samlClaims.email }, { claim: 'absent' }])).toEqual({
      [samlClaims.nameIdentifier]: ['x'],
      [samlClaims.email]: ['e'],
    });
  });

  it('are all with a star', () => {
    expect(select([{ claim: '*' }])).toEqual(Object.fromEntries(claims));
  });

  it('get values that are always added, once each', () => {
    expect(
      select([
        { claim: 'custom', values: ['c', 'd'] },
        { claim: 'email', values: ['f'] },
        { claim: 'new', values: ['n'] },
      ]),
    ).toMatchObject({
      custom: ['c', 'd'],
      [samlClaims.email]: ['e', 'f'],
      new: ['n'],
    });
    expect(select([{ claim: '*' }, { claim: 'custom', values: ['d'] }])).toMatchObject({ custom: ['c', 'd'] });
  });
});

describe('What an assertion says of a user', () => {
  const rule: NameIdRule = { transient_id: '_t1', qualifiers: { name_qualifier: 'idp', sp_name_qualifier: 'sp' } };
  const all = jwtClaimsToSaml({ sub: 'x', sid: 's', email: 'e@example.com', auth_time: now, amr: ['pwd'] }, table, now);
  const issued = selectSamlClaims(all, [{ claim: 'email' }, { claim: 'role', values: ['r'] }], [], table);
  const nameIdOf = (more: Partial<NameIdRule>, claims = all) => {
    const outcome = assertionContent(claims, issued, { ...rule, ...more });
    return outcome.ok ? outcome.value.name_id : outcome.error.reason;
  };

  it('is the name, the login and the attributes', () => {
    expect(assertionContent(all, issued, rule)).toEqual({
      ok: true,
      value: {
        name_id: { value: 'x', format: nameIdFormats.persistent, name_qualifier: 'idp', sp_name_qualifier: 'sp' },
        authn: { instant: now, session_index: 's', class_ref: authnContexts.passwordProtectedTransport },
        attributes: [
          {
            name: `${WS}emailaddress`,
            name_format: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
            values: ['e@example.com'],
          },
          {
            name: 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role',
            name_format: 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
            values: ['r'],
          },
        ],
      },
    });
  });

  it('follows the format of the application, then of the request, then of the claims', () => {
    const email = nameIdFormats.emailAddress;
    expect(nameIdOf({ format: email, requested_format: nameIdFormats.transient })).toEqual({
      value: 'e@example.com',
      format: email,
    });
    expect(nameIdOf({ requested_format: email })).toEqual({ value: 'e@example.com', format: email });
    expect(nameIdOf({ requested_format: nameIdFormats.unspecified })).toMatchObject({
      value: 'x',
      format: nameIdFormats.persistent,
    });
    const own = new Map([...all, [samlClaims.nameIdFormat, ['urn:own']]]) as SamlClaims;
    expect(nameIdOf({}, own)).toEqual({ value: 'x', format: 'urn:own' });
    expect(nameIdOf({}, new Map([...all].filter(([name]) => name !== samlClaims.nameIdFormat)))).toMatchObject({
      format: nameIdFormats.persistent,
    });
  });

  it('is a fresh identifier when transient', () => {
    expect(nameIdOf({ format: nameIdFormats.transient })).toEqual({ value: '_t1', format: nameIdFormats.transient });
  });

  it('is refused when there is nothing to name the user by', () => {
    const nobody = jwtClaimsToSaml({ sub: ' ' }, table, now);
    expect(nameIdOf({}, nobody)).toBe('subject_missing');
    expect(nameIdOf({ format: nameIdFormats.emailAddress }, nobody)).toBe('subject_missing');
  });

  it('is refused when it is not known when the user logged in', () => {
    const outcome = assertionContent(new Map([[samlClaims.nameIdentifier, ['x']]]), issued, rule);
    expect(outcome).toMatchObject({ error: { step: 'authn_statement', reason: 'subject_missing' } });
  });

  it('is a name when there is nothing else, and an unspecified class when none is known', () => {
    const claims: SamlClaims = new Map([
      [samlClaims.nameIdentifier, ['x']],
      [samlClaims.authenticationInstant, ['2026-11-20T12:00:00Z']],
    ]);
    expect(assertionContent(claims, new Map(), rule)).toMatchObject({
      ok: true,
      value: {
        attributes: [{ name: samlClaims.name, values: ['x'] }],
        authn: { class_ref: authnContexts.unspecified },
      },
    });
  });

  it('says of a plain name that it is one', () => {
    const outcome = assertionContent(all, new Map([['plain', ['1']]]), rule);
    expect(outcome).toMatchObject({
      value: { attributes: [{ name_format: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic' }] },
    });
  });
});
