import {
  endSession,
  listChanges,
  listLogoutJobs,
  readTrack,
  sessionEnded,
  signSamlLogout,
  startSession,
} from '@corsac/contracts';
import { defaultTrackSettings } from '@corsac/model';
import { fail, ok } from '@corsac/outcome';
import type { OutboundClient, OutboundOptions } from '@corsac/outbound';
import { makeLogoutRequest, sendBySoap, soapFault, statusCodes } from '@corsac/saml';
import { OtherService, ServiceRig, TestClock } from '@corsac/testing';
import { describeWith } from '@corsac/testing/backing';
import {
  answerTo,
  applicationEntityId,
  applicationSigner,
  certificate,
  readAsked,
  success,
} from '../fixtures/saml-application.js';
import { sessionService } from '../service.js';

const lifetimes = {
  session_lifetime: 36_000,
  session_absolute_lifetime: 86_400,
  persistent_session_absolute_lifetime: 0,
  persistent_session_lifetime_unlimited: false,
};
const url = 'https://legacy.test/soap';
const nameId = { value: 'login|ada', format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' };

type Answering = (requestId: string, now: number) => Promise<string> | string | { status: number };

/** A SAML application that takes LogoutRequests over SOAP. */
class Application implements OutboundClient {
  readonly heard: { url: string; body: string; contentType: string; options: OutboundOptions | undefined }[] = [];
  answer: Answering = answerTo;

  constructor(private readonly now: () => number) {}

  get(): ReturnType<OutboundClient['get']> {
    return Promise.resolve(fail({ kind: 'unreachable', detail: 'nothing is fetched' }));
  }

  async post(
    to: string,
    body: string,
    contentType: string,
    options?: OutboundOptions,
  ): ReturnType<OutboundClient['post']> {
    this.heard.push({ url: to, body, contentType, options });
    const said = await this.answer(readAsked(body, this.now()).id, this.now());
    const [status, text] = typeof said === 'string' ? [200, said] : [said.status, ''];
    const answered = { status, headers: {}, url: to, text: () => text, json: () => undefined };
    return ok({ ...answered, body: Buffer.from(text) });
  }
}

describeWith('postgres', (databaseUrl) => {
  let rig: ServiceRig;
  const clock = new TestClock(Date.now());
  const application = new Application(() => clock.now());
  let isKeyReady = true;
  const party = (name: string, more: object = {}): object => ({
    type: 'saml2',
    name,
    issuer: applicationEntityId,
    acs_urls: ['https://legacy.test/acs'],
    single_logout_soap_url: url,
    signature_algorithm: 'rsa-sha512',
    keys: [certificate],
    ...more,
  });
  const parties = [
    party('legacy'),
    party('both', { single_logout_url: 'https://legacy.test/slo' }),
    party('keyless', { keys: [] }),
  ];
  const askedToSign: string[] = [];

  beforeAll(async () => {
    const config = new OtherService('config')
      .answers(listChanges, () => ok({ latest: 1, reset: false, changes: [] }))
      .answers(readTrack, () =>
        ok({ version: 1, settings: defaultTrackSettings, up_parties: [], down_parties: parties as never[] }),
      );
    const token = new OtherService('token')
      .answers(signSamlLogout, async ({ algorithm, issuer, destination, name_id, session_index }) => {
        if (!isKeyReady) return fail({ refusal: 'key_not_ready' as const });
        askedToSign.push(algorithm);
        const id = `_request-${askedToSign.length}`;
        const head = { id, issuer, destination, issued_at: clock.now(), name_id, session_indexes: [session_index] };
        return ok({ request_id: id, envelope: await sendBySoap(makeLogoutRequest(head)) });
      })
      .carriesOut(sessionEnded, () => undefined);
    const others = [config, token];
    rig = await ServiceRig.start({ service: sessionService, databaseUrl, others, clock, outbound: application });
  }, 60_000);
  afterAll(async () => rig?.stop());
  beforeEach(() => {
    application.answer = answerTo;
    application.heard.splice(0);
    isKeyReady = true;
  });

  let browsers = 0;
  const signIn = async (name: string, name_id: typeof nameId | 'none' = nameId): Promise<string> => {
    const { sessions } = await rig.ask('authorize', startSession, {
      tenant: 'acme',
      next_browser_id: `browser-${(browsers += 1)}`,
      chain: [
        {
          track: '-',
          up_party: 'login',
          up_party_type: 'login',
          sub: `ada-${browsers}`,
          claims: {},
          auth_time: clock.now(),
          amr: ['pwd'],
          lifetimes,
          single_logout: true,
          reached: {
            party: name,
            type: 'saml2',
            issuer: 'https://id.test/acme/-',
            sub: 'login|ada',
            ...(name_id !== 'none' && { name_id }),
          },
        },
      ],
    });
    return sessions[0]?.sid ?? '';
  };
  const end = (sid: string, cause: 'administrator' | 'application' = 'administrator') =>
    rig.ask('authorize', endSession, { tenant: 'acme', track: '-', by: { kind: 'sid', sid }, cause });
  const receiptsOf = async (job_id: string | undefined) => {
    const { jobs } = await rig.ask('config', listLogoutJobs, { tenant: 'acme', track: '-', limit: 50 });
    return jobs.find((job) => job.job_id === job_id)?.receipts ?? [];
  };
  const settled = async (job_id: string | undefined, isDone: (state: string) => boolean) => {
    for (let tries = 0; tries < 200; tries += 1) {
      const receipt = (await receiptsOf(job_id)).find(({ channel }) => channel === 'soap');
      if (receipt && isDone(receipt.state)) return receipt;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(JSON.stringify(await receiptsOf(job_id)));
  };

  describe('A SAML application that is told over SOAP, SAML Profiles 4.4', () => {
    it('gets a request with its name of the user and the session, by the algorithm that it is set up for', async () => {
      const sid = await signIn('legacy');
      const { job_id } = await end(sid);
      expect(await settled(job_id, (state) => state === 'told')).toMatchObject({ party: 'legacy', attempts: 1 });
      const [call] = application.heard;
      expect(call).toMatchObject({ url, contentType: 'text/xml; charset=utf-8' });
      expect(call?.options?.headers?.['soapaction']).toBe('"http://www.oasis-open.org/committees/security"');
      expect(readAsked(call?.body ?? '', clock.now())).toMatchObject({ name_id: nameId, session_indexes: [sid] });
      expect(askedToSign.at(-1)).toBe('rsa-sha512');
    });

    it('is told by a frame too when a browser is there, and the browser learns that this does not decide', async () => {
      const { job_id, front_channel } = await end(await signIn('both'), 'application');
      expect(front_channel).toMatchObject([{ party: 'both', type: 'saml2', told_directly: true }]);
      await settled(job_id, (state) => state === 'told');
      expect((await receiptsOf(job_id)).map(({ channel }) => channel).sort()).toEqual(['saml', 'soap']);
    });

    it('is not told under no name: the receipt says so', async () => {
      const { job_id } = await end(await signIn('legacy', 'none'));
      expect(await receiptsOf(job_id)).toMatchObject([{ channel: 'none' }]);
    });

    it.each([
      ['says that it ended its own session only', { code: success.code, sub_code: statusCodes.partialLogout }],
      ['no longer knows the user', { code: statusCodes.responder, sub_code: statusCodes.unknownPrincipal }],
    ])('is told when it %s', async (_what, status) => {
      application.answer = (id, now) => answerTo(id, now, { status, signer: applicationSigner });
      const { job_id } = await end(await signIn('legacy'));
      expect((await settled(job_id, (state) => state !== 'wanted')).state).toBe('told');
    });

    it('may answer without signature only where we hold no keys of it', async () => {
      application.answer = (id, now) => answerTo(id, now, {});
      const { job_id } = await end(await signIn('keyless'));
      expect((await settled(job_id, (state) => state !== 'wanted')).state).toBe('told');
    });

    const hostile: [string, Answering, RegExp][] = [
      ['unsigned', (id, now) => answerTo(id, now, {}), /signature_missing/],
      ['to another request', (_id, now) => answerTo('_other', now), /in_response_to_mismatch/],
      [
        'of another application',
        (id, now) => answerTo(id, now, { issuer: 'urn:x', signer: applicationSigner }),
        /issuer/,
      ],
      ['that is old', (id, now) => answerTo(id, now - 4000), /expired/],
      [
        'that was changed',
        async (id, now) => (await answerTo(id, now)).replace('status:Success', 'status:Responder'),
        /signature/,
      ],
      [
        'that says no',
        (id, now) => answerTo(id, now, { status: { code: statusCodes.responder }, signer: applicationSigner }),
        /did not log out/,
      ],
      ['by a fault', () => soapFault('Server', 'not now'), /wrong_message/],
      ['that is no XML', () => 'hello', /xml_invalid/],
      ['that is empty', () => '', /refused/],
      ['with a DOCTYPE', () => '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', /xml_invalid/],
      ['with an error status', () => ({ status: 500 }), /status 500/],
    ];
    it.each(hostile)('is asked again after an answer %s', async (_what, answer, detail) => {
      application.answer = answer;
      const { job_id } = await end(await signIn('legacy'));
      expect((await settled(job_id, (state) => state === 'failed')).detail).toMatch(detail);
      application.answer = answerTo;
      expect((await settled(job_id, (state) => state === 'told')).attempts).toBeGreaterThan(1);
      const ids = application.heard.map(({ body }) => readAsked(body, clock.now()).id);
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('is asked again when nothing could be signed', async () => {
      isKeyReady = false;
      const { job_id } = await end(await signIn('legacy'));
      expect((await settled(job_id, (state) => state === 'failed')).detail).toContain('key_not_ready');
      expect(application.heard).toEqual([]);
      isKeyReady = true;
      await settled(job_id, (state) => state === 'told');
    });
  });
});
