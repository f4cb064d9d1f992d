import { createServer, type AddressInfo, type Server } from 'node:net';
import { parseMasterKeys, Sealer } from '@corsac/data';
import { ConfigCache, TrackView } from '@corsac/config-cache';
import { defaultTrackSettings, type TrackSettings } from '@corsac/model';
import { silentLogger } from '@corsac/telemetry';
import { DeliverMails } from './deliver-mails.js';
import type { Mail, MailOutbox, MailState, WrittenMail } from './mail-outbox.js';
import { sendBySmtp } from './send-by-smtp.js';

const place = { tenant: 'acme', track: '-' };
const mail: Mail = { recipient: 'ada@example.com', subject: 'Grüße', text: 'Hello,\n\nyour code is ABCD.\n' };
const sealer = new Sealer(parseMasterKeys(Buffer.alloc(32, 7).toString('base64url')));

/** Takes mails as a mail server does, and remembers what it was told. */
class MailServer {
  readonly heard: string[] = [];
  refuse = false;
  private constructor(private readonly server: Server) {}

  static async start(): Promise<MailServer> {
    const server = createServer();
    const self = new MailServer(server);
    server.on('connection', (socket) => {
      let isText = false;
      let rest = '';
      socket.write('220 test ESMTP\r\n');
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        rest += bytes.toString();
        for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
          const line = rest.slice(0, end);
          rest = rest.slice(end + 2);
          self.heard.push(line);
          if (isText && line !== '.') continue;
          if (/^EHLO/i.test(line)) socket.write('250-test\r\n250 AUTH PLAIN\r\n');
          else if (/^DATA/i.test(line)) socket.write('354 go on\r\n');
          else if (/^AUTH/i.test(line)) socket.write('235 fine\r\n');
          else if (/^RCPT/i.test(line) && self.refuse) socket.write('550 nobody here\r\n');
          else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
          else socket.write('250 ok\r\n');
          isText = /^DATA/i.test(line);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return self;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): Promise<unknown> {
    return new Promise((resolve) => this.server.close(resolve));
  }
}

/** An outbox in memory. */
class Outbox implements MailOutbox {
  readonly mails: WrittenMail[] = [];
  readonly settled: [string, MailState, string | undefined][] = [];

  async write(at: typeof place, written: Mail, now: number): Promise<void> {
    this.mails.push({ ...at, ...written, id: String(this.mails.length), created: now, state: 'waiting', attempts: 0 });
  }

  async claim(): Promise<WrittenMail[]> {
    const waiting = this.mails.filter(({ state }) => state === 'waiting');
    waiting.forEach((each) => Object.assign(each, { attempts: each.attempts + 1 }));
    return waiting;
  }

  async settle(id: string, state: MailState, reason?: string): Promise<void> {
    this.settled.push([id, state, reason]);
    Object.assign(this.mails[Number(id)] ?? {}, { state });
  }

  async list(): Promise<WrittenMail[]> {
    return this.mails;
  }

  async prune(): Promise<void> {}
}

const configWith = (settings: TrackSettings): ConfigCache => {
  const cache = new ConfigCache({ bus: undefined as never, nowMs: () => 0 });
  const view = new TrackView('acme', '-', 1, settings, [], []);
  return Object.assign(cache, { track: async () => ({ ok: true as const, value: view }) });
};

describe('mails', () => {
  let server: MailServer;
  beforeEach(async () => {
    server = await MailServer.start();
  });
  afterEach(() => server.stop());

  const mailSettings = (more: object = {}) => ({
    from_email: 'id@acme.test',
    from_name: 'Acme',
    smtp_host: '127.0.0.1',
    smtp_port: server.port,
    smtp_tls: 'none' as const,
    ...more,
  });
  const deliver = async (settings: TrackSettings, outbox = new Outbox()) => {
    const mails = new DeliverMails({
      outbox,
      config: configWith(settings),
      sealer,
      logger: silentLogger,
      now: () => 5,
      everyMs: 60_000,
    });
    mails.send(place, mail);
    for (let attempt = 0; attempt < 200 && outbox.settled.length === 0; attempt += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await mails.stop();
    return outbox;
  };

  it('reach the mail server of their track, with its sender', async () => {
    const sent = await deliver({ ...defaultTrackSettings, mail: mailSettings() });
    expect(sent.settled).toEqual([['0', 'sent', undefined]]);
    expect(server.heard).toContain('MAIL FROM:<id@acme.test>');
    expect(server.heard).toContain('RCPT TO:<ada@example.com>');
    expect(server.heard).toContain('From: Acme <id@acme.test>');
    expect(server.heard).toContain('Auto-Submitted: auto-generated');
    expect(server.heard).toContain('your code is ABCD.');
  });

  it('are kept where the track has no mail server', async () => {
    const kept = await deliver(defaultTrackSettings);
    expect(kept.settled).toEqual([['0', 'kept', 'the track has no mail server']]);
  });

  it('wait when they are not taken, and are given up after ten times', async () => {
    server.refuse = true;
    const settings = { ...defaultTrackSettings, mail: mailSettings() };
    const outbox = await deliver(settings);
    expect(outbox.settled[0]?.slice(0, 2)).toEqual(['0', 'waiting']);
    expect(outbox.settled[0]?.[2]).toMatch(/^EENVELOPE 550$/);
    Object.assign(outbox.mails[0] ?? {}, { attempts: 9 });
    outbox.settled.length = 0;
    const last = await deliver(settings, outbox);
    expect(last.settled.find(([id]) => id === '0')?.[1]).toBe('failed');
  });

  it('are sent with the unsealed password of the mail server, which no reason repeats', async () => {
    const sealed = { sealed: sealer.seal('s3cret-word', { purpose: 'smtp-password', ...place }), info: '' };
    const settings = mailSettings({ smtp_username: 'acme', smtp_password: sealed });
    expect(await sendBySmtp(sealer, { place, settings, mail })).toEqual({ ok: true });
    const plain = Buffer.from('\u0000acme\u0000s3cret-word').toString('base64');
    expect(server.heard).toContain(`AUTH PLAIN ${plain}`);
    const elsewhere = { place: { tenant: 'other', track: '-' }, settings, mail };
    const refused = await sendBySmtp(sealer, elsewhere);
    expect(refused).toEqual({ ok: false, error: 'the password of the mail server does not open: forged' });
  });

  it('cannot be made to name other recipients or headers by what somebody typed', async () => {
    const hostile = { ...mail, recipient: 'ada@example.com>,<eve@evil.test', subject: 'Hi\r\nBcc: eve@evil.test' };
    await sendBySmtp(sealer, { place, settings: mailSettings(), mail: hostile });
    expect(server.heard.filter((line) => line.startsWith('RCPT TO:<eve@'))).toEqual([]);
    expect(server.heard.filter((line) => line.startsWith('Bcc'))).toEqual([]);
  });

  it('fail with a short reason when nobody listens', async () => {
    const settings = mailSettings({ smtp_port: 1 });
    expect(await sendBySmtp(sealer, { place, settings, mail })).toEqual({ ok: false, error: 'ESOCKET' });
  });
});
