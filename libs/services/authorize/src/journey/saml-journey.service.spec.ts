import { describeWith } from '@corsac/testing/backing';
import { recordOf } from '../fixtures/links.js';
import { SamlFlow } from '../fixtures/saml/flow.js';
import { email, idpParty, readSent, respond } from '../fixtures/saml/test-idp.js';
import { newRequest, requestUrl, spParty } from '../fixtures/saml/test-sp.js';
import { SamlWorld } from '../fixtures/saml/world.js';

const transform = (name: string, claim_out: string): object => ({
  name,
  type: 'constant',
  claim_out,
  transformation: 'value-canary',
});

/** The bridge: an application of SAML, whose user comes from an identity provider above. */
describeWith('postgres', (databaseUrl) => {
  const world = new SamlWorld();
  beforeAll(() => world.start(databaseUrl), 60_000);
  afterAll(() => world.stop());

  it('the record of a journey by SAML has the claims steps by SAML names, and no assertion, message or user in it', async () => {
    await world.have(
      [idpParty({ claim_transforms: [transform('above', 'urn:above')] })],
      [spParty({ claim_transforms: [transform('below', 'urn:below')] })],
    );
    const browser = world.browser();
    const asked = readSent((await browser.go(await requestUrl(newRequest()))).url);
    const form = await respond(asked);
    const page = await new SamlFlow(world).answer(browser, form);
    const response = page.forms[0]?.fields['SAMLResponse'] ?? '';
    const [sequence_id = ''] = asked.relayState.split('.');
    const events = await recordOf(world, { sequence_id, until: 'down_party.answered' });
    const steps = events.filter(({ kind }) => kind === 'claims.transformed');
    expect(steps.map(({ party, trace }) => `${party}: ${trace?.map(({ rule }) => rule).join()}`)).toEqual([
      'idp: above',
      'app: below',
    ]);
    expect(steps[0]?.claims_before).toContain(email);
    expect(steps[1]?.claims_after).toContain('urn:below');
    const recorded = JSON.stringify(await world.rig.parts.database.query('select * from journey_part'));
    expect(recorded).toContain(sequence_id);
    for (const secret of [
      'value-canary',
      'ada@example.com',
      'u-7',
      'Assertion',
      asked.relayState,
      asked.id,
      'state-of-app',
      (form['SAMLResponse'] ?? '').slice(0, 40),
      response.slice(0, 40),
    ]) {
      expect({ secret, long: secret.length > 2 }).toEqual({ secret, long: true });
      expect({ secret, stands: recorded.includes(secret) }).toEqual({ secret, stands: false });
    }
  });
});
