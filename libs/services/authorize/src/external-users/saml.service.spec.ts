import { importExternalUsers, listExternalUsers } from '@corsac/contracts';
import { describeWith } from '@corsac/testing/backing';
import { acs, email, idpParty, readSent, respond } from '../fixtures/saml/test-idp.js';
import { acceptAt, newRequest, requestUrl, spParty } from '../fixtures/saml/test-sp.js';
import { SamlFlow, statusAt } from '../fixtures/saml/flow.js';
import { base, SamlWorld } from '../fixtures/saml/world.js';

const verified = 'http://schemas.foxids.com/ws/identity/claims/emailverified';
const vouches = { type: 'constant', action: 'replace', transformation: 'true', claim_out: verified };
const place = { tenant: 'acme', track: '-' };

describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  const flow = new SamlFlow(world);
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());

  const records = async () =>
    (await world.rig.ask('config', listExternalUsers, { ...place, up_party: 'idp', limit: 10 })).users;
  const signIn = async () => {
    const browser = world.browser();
    const asked = readSent((await browser.go(world.authorizeUrl('idp'))).url);
    return browser.go(acs, { form: await respond(asked), from: `${base}/same-site` });
  };
  const trust = (more: object, rules: object[] = []) =>
    world.have(
      [{ ...idpParty(), claim_transforms: rules, link_external_user: { redemption_claim_type: 'email', ...more } }],
      [spParty({ claims: [{ claim: '*' }] })],
    );

  it('redeems by an address in an assertion only when the up-party says that those are verified', async () => {
    const users = [{ up_party: 'idp', redemption_claim_value: 'ada@example.com', claims: { team: 'blue' } }];
    await world.rig.ask('config', importExternalUsers, { ...place, users: users as never });
    await trust({ require_user: true });
    expect((await signIn()).url).toContain('error=access_denied');
    await trust({ require_user: true }, [vouches]);
    expect((await signIn()).url).toContain('code=');
    const [record] = await records();
    expect(record).toMatchObject({ link_claim_value: 'idp|u-7' });
    expect(world.tokens.latest).toMatchObject({
      sub: 'idp|u-7',
      user: { user_id: record?.user_id },
      claims: { team: 'blue', email: 'ada@example.com', local_sub: record?.user_id },
    });
  });

  it('gives a SAML application the record’s claims, and refuses there by a status', async () => {
    await trust({});
    const signed = await flow.signIn();
    const accepted = await acceptAt(signed.page, signed.request.id);
    expect(accepted.ok && accepted.value.assertion.attributes.map(({ name }) => name)).toEqual(
      expect.arrayContaining([email, 'team']),
    );
    const [record] = await records();
    const disabled = [{ user_id: record?.user_id, up_party: 'idp', link_claim_value: 'idp|u-7', disabled: true }];
    await world.rig.ask('config', importExternalUsers, { ...place, users: disabled as never });
    const request = newRequest();
    const browser = world.browser();
    const asked = readSent((await browser.go(await requestUrl(request))).url);
    const page = await flow.answer(browser, await respond(asked));
    expect(await statusAt(page, request.id)).toMatchObject({
      sub_code: expect.stringMatching(/:AuthnFailed$/) as string,
      message: 'the user is disabled',
    });
  });
});
