import {
  endSession,
  listChanges,
  readTrack,
  sessionEnded,
  signLogoutToken,
  signSamlLogout,
  startSession,
  type MessageContext,
} from '@corsac/contracts';
import { defaultTrackSettings } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import { parseTraceparent } from '@corsac/telemetry';
import { OtherService, ServiceRig, TestClock } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import { sessionService } from '../service.js';

const lifetimes = {
  session_lifetime: 3_600,
  session_absolute_lifetime: 86_400,
  persistent_session_absolute_lifetime: 0,
  persistent_session_lifetime_unlimited: false,
};
const crm = { type: 'oidc', name: 'crm', redirect_uris: [], backchannel_logout_uri: 'https://crm.test/out' };
const legacy = {
  ...{ type: 'saml2', name: 'legacy', issuer: 'urn:legacy', keys: [], signature_algorithm: 'rsa-sha256' },
  single_logout_soap_url: 'https://legacy.test/',
};

/** A trace by its number. */
const traced = (number: number): MessageContext => ({
  traceparent: `00-${number.toString(16).padStart(32, '0')}-b7ad6b7169203331-00`,
});
const idOf = (context: MessageContext | undefined): string | undefined =>
  parseTraceparent(context?.traceparent)?.trace_id;

describeWith('postgres', (databaseUrl) => {
  let rig: ServiceRig;
  const clock = new TestClock(Date.now());
  /** What was carried on, and under which trace. */
  const carried: { what: string; context: MessageContext | undefined }[] = [];

  beforeAll(async () => {
    const down_parties = [crm, legacy] as never[];
    const config = new OtherService('config')
      .answers(listChanges, () => ok({ latest: 1, reset: false, changes: [] }))
      .answers(readTrack, () => ok({ version: 1, settings: defaultTrackSettings, up_parties: [], down_parties }));
    const token = new OtherService('token')
      .answers(signLogoutToken, ({ sid }, context) => {
        carried.push({ what: `token ${sid}`, context });
        return fail({ refusal: 'not_found' as never });
      })
      .answers(signSamlLogout, ({ session_index }, context) => {
        carried.push({ what: `soap ${session_index}`, context });
        return fail({ refusal: 'not_found' as never });
      })
      .carriesOut(sessionEnded, ({ sid }, { context }) => void carried.push({ what: `ended ${sid}`, context }));
    rig = await ServiceRig.start({ service: sessionService, databaseUrl, others: [config, token], clock });
  }, 60_000);
  afterAll(() => rig?.stop());

  const start = async (next_browser_id: string, sub: string, context: MessageContext, browser_id?: string) => {
    const name_id = { value: sub, format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' };
    const reached = [
      { party: 'crm', type: 'oidc' as const, issuer: 'https://id.test/acme/-/crm', sub },
      { party: 'legacy', type: 'saml2' as const, issuer: 'https://id.test/acme/-', sub, name_id },
    ];
    const user = { sub, claims: { sub }, auth_time: clock.now(), amr: ['pwd'], lifetimes, single_logout: true };
    const place = { track: '-', up_party: 'login', up_party_type: 'login' as const };
    let sid = '';
    for (const party of reached) {
      const asked = { tenant: 'acme', next_browser_id, chain: [{ ...place, ...user, reached: party }] };
      const known = sid === '' ? browser_id : next_browser_id;
      const request = { ...asked, ...(known !== undefined && { browser_id: known }) };
      const answer = await rig.busOf('authorize').ask(startSession, request, context);
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      sid = answer.value.sessions[0]?.sid ?? '';
    }
    return sid;
  };
  const traceOf = async (what: string): Promise<string | undefined> => {
    for (let tries = 0; tries < 400; tries += 1) {
      const found = carried.find((one) => one.what === what);
      if (found) return idOf(found.context);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`never ${what}`);
  };
  const tracesOf = (sid: string) => Promise.all(['ended', 'token', 'soap'].map((kind) => traceOf(`${kind} ${sid}`)));

  describe('The end of a session is part of the trace', () => {
    it('of the request that asked for it, over SOAP as well', async () => {
      const sid = await start('browser-a', 'ada', traced(1));
      const request = { tenant: 'acme', track: '-', by: { kind: 'sid' as const, sid }, cause: 'application' as const };
      await rig.busOf('authorize').ask(endSession, request, traced(2));
      expect(await tracesOf(sid)).toEqual([2, 2, 2].map((number) => idOf(traced(number))));
    });

    it('of the sign-in that took its place', async () => {
      const sid = await start('browser-b', 'ada', traced(3));
      await start('browser-c', 'bob', traced(4), 'browser-b');
      expect(await tracesOf(sid)).toEqual([4, 4, 4].map((number) => idOf(traced(number))));
    });

    it('that the sweep begins when its time is over, one for each', async () => {
      const [one, two] = [await start('browser-d', 'ada', traced(5)), await start('browser-e', 'eve', traced(6))];
      clock.advance(3_601);
      const [first = [], second = []] = [await tracesOf(one), await tracesOf(two)];
      expect(first[0]).toMatch(/^[0-9a-f]{32}$/);
      expect(new Set(first).size).toBe(1);
      expect(new Set([...first, ...second, idOf(traced(5)), idOf(traced(6))]).size).toBe(4);
    }, 30_000);
  });
});
