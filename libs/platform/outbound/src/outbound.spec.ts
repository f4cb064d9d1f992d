import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createJudge, isPublicAddress } from './address-class.js';
import { createOutboundClient } from './create-outbound-client.js';
import type { OutboundClient } from './outbound-client.js';

const pem = readFileSync(join(__dirname, 'fixtures/idp.test.pem'), 'utf8');

describe('public addresses, RFC 6890', () => {
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '::ffff:808:808'])(
    '%s is one',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '127.255.0.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '100.64.0.1',
    '100.100.100.200',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::FFFF:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:4136::1',
    '2001:db8::1',
    'fe80::1',
    'fec0::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    'no address',
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it('is allowed by host name, network or, on a loopback installation, as loopback', () => {
    const judge = createJudge({ allow: ['idp.internal', '10.1.0.0/16', 'fd00::/8'], loopback: true });
    expect(judge('IDP.internal', '192.168.1.1')).toBe('allowed');
    expect(judge('x', '10.1.2.3')).toBe('allowed');
    expect(judge('x', '::ffff:10.1.2.3')).toBe('allowed');
    expect(judge('x', 'fd12::1')).toBe('allowed');
    expect(judge('x', '127.0.0.1')).toBe('allowed');
    expect(judge('x', '10.2.0.1')).toBe('forbidden');
    expect(judge('sub.idp.internal', '192.168.1.1')).toBe('forbidden');
    expect(createJudge({ allow: [], loopback: false })('localhost', '127.0.0.1')).toBe('forbidden');
  });
});

const servers: Server[] = [];
const listen = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const http = (handler: RequestListener): Promise<number> => listen(createHttp(handler));
const https = (handler: RequestListener): Promise<number> => listen(createHttps({ cert: pem, key: pem }, handler));

afterAll(() => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
});

const local = createOutboundClient({ allow: [], loopback: true });
const strict = createOutboundClient({ allow: [], loopback: false });
const answerOf = async (outcome: ReturnType<OutboundClient['get']>): Promise<string> => {
  const result = await outcome;
  return result.ok ? `${result.value.status} ${result.value.text()}` : result.error.kind;
};

describe('guarded client', () => {
  it('gets and posts', async () => {
    const port = await http((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () =>
        response
          .setHeader('x-a', ['1', '2'])
          .end(`${request.method} ${request.headers['content-type'] ?? '-'} ${body}`),
      );
    });
    const got = await local.get(`http://127.0.0.1:${port}/x`, { headers: { accept: 'text/plain' } });
    expect(got).toMatchObject({ ok: true, value: { status: 200, headers: { 'x-a': '1, 2' } } });
    expect(await answerOf(local.post(`http://127.0.0.1:${port}/`, 'a=ä', 'text/plain'))).toBe(
      '200 POST text/plain a=ä',
    );
  });

  it('gives JSON, or nothing when the answer is none', async () => {
    const port = await http((request, response) => response.end(request.url === '/json' ? '{"a":1}' : '<html>'));
    const [json, html] = await Promise.all(
      ['json', 'html'].map((path) => local.get(`http://127.0.0.1:${port}/${path}`)),
    );
    expect(json?.ok && json.value.json()).toEqual({ a: 1 });
    expect(html?.ok && html.value.json()).toBeUndefined();
  });

  it.each([
    'http://127.0.0.1/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://017700000001/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fe80::1]/',
    'https://10.0.0.1./',
    'http://8.8.8.8/',
  ])('refuses %s unless the installation allows it', async (url) => {
    expect(await answerOf(strict.get(url))).toBe('forbidden');
  });

  it.each([
    '',
    'x',
    'ftp://example.com/',
    'file:///etc/passwd',
    'https://user:secret@example.com/',
    'gopher://x',
    'https://',
  ])('refuses the address %p', async (url) => {
    expect(await answerOf(strict.get(url))).toBe('bad_address');
  });

  it('refuses a name that stands for a private address, and connects to the allowed ones of several only', async () => {
    const port = await http((_request, response) => response.end('here'));
    const resolve = async (host: string) =>
      host === 'mixed.test'
        ? [
            { address: '10.0.0.1', family: 4 },
            { address: '127.0.0.1', family: 4 },
          ]
        : [{ address: '10.0.0.1', family: 4 }];
    const client = createOutboundClient({ allow: ['127.0.0.0/8'], loopback: false, resolve });
    expect(await answerOf(client.get(`http://private.test:${port}/`))).toBe('forbidden');
    expect(await answerOf(client.get(`http://mixed.test:${port}/`))).toBe('200 here');
  });

  it('connects to the address that was checked, whatever the name stands for a moment later', async () => {
    const port = await http((request, response) => response.end(`for ${request.headers.host}`));
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    };
    const client = createOutboundClient({ allow: ['127.0.0.1'], loopback: false, resolve });
    expect(await answerOf(client.get(`http://rebinding.test:${port}/`))).toBe(`200 for rebinding.test:${port}`);
    expect(asked).toBe(1);
  });

  it('trusts a further authority only when it is given, and checks the name in the certificate', async () => {
    const port = await https((_request, response) => response.end('tls'));
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const rules = { allow: ['127.0.0.1'], loopback: false, resolve };
    const trusting = createOutboundClient({ ...rules, ca: pem });
    expect(await answerOf(trusting.get(`https://idp.test:${port}/`))).toBe('200 tls');
    expect(await answerOf(trusting.get(`https://stranger.test:${port}/`))).toBe('unreachable');
    expect(await answerOf(createOutboundClient(rules).get(`https://idp.test:${port}/`))).toBe('unreachable');
  });

  it('says when nobody listens or a name is unknown', async () => {
    const port = await http(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await answerOf(local.get(`http://127.0.0.1:${port}/`))).toBe('unreachable');
    const client = createOutboundClient({
      allow: [],
      loopback: false,
      resolve: () => Promise.reject(new Error('ENOTFOUND')),
    });
    expect(await answerOf(client.get('https://nowhere.test/'))).toBe('unreachable');
  });
});

describe('limits', () => {
  it('ends a request whose answer is late, in its head, in its body or in its name resolution', async () => {
    const silent = await http(() => undefined);
    const dripping = await http((_request, response) => response.write('a'));
    expect(await answerOf(local.get(`http://127.0.0.1:${silent}/`, { timeout_ms: 80 }))).toBe('timeout');
    expect(await answerOf(local.get(`http://127.0.0.1:${dripping}/`, { timeout_ms: 80 }))).toBe('timeout');
    const client = createOutboundClient({ allow: [], loopback: false, resolve: () => new Promise(() => undefined) });
    expect(await answerOf(client.get('https://slow.test/', { timeout_ms: 80 }))).toBe('timeout');
  });

  it('refuses an answer that is too large, announced or not', async () => {
    const port = await http((request, response) => {
      if (request.url === '/announced') response.setHeader('content-length', '2000');
      response.end('x'.repeat(2000));
    });
    for (const path of ['announced', 'streamed']) {
      expect(await answerOf(local.get(`http://127.0.0.1:${port}/${path}`, { max_bytes: 1000 }))).toBe('too_large');
    }
    expect(await answerOf(local.get(`http://127.0.0.1:${port}/announced`, { max_bytes: 2000 }))).toMatch(/^200 x/);
  });
});

describe('redirects', () => {
  const redirecting = (location: (path: string) => string): Promise<number> =>
    http((request, response) => {
      if (request.url === '/end') response.end(`end ${request.headers.authorization ?? 'anonymous'}`);
      else response.writeHead(302, { location: location(request.url ?? '') }).end();
    });

  it('are followed by GET, up to three', async () => {
    const port = await redirecting((path) => (path === '/3' ? '/end' : `/${Number(path.slice(1)) + 1}`));
    expect(await answerOf(local.get(`http://127.0.0.1:${port}/1`))).toBe('200 end anonymous');
    expect(await answerOf(local.get(`http://127.0.0.1:${port}/0`))).toBe('too_many_redirects');
  });

  it('are checked anew', async () => {
    const port = await redirecting(() => 'http://169.254.169.254/latest/meta-data');
    expect(await answerOf(local.get(`http://127.0.0.1:${port}/`))).toBe('forbidden');
  });

  it('carry credentials within one origin only', async () => {
    const target = await redirecting(() => '/end');
    const port = await redirecting(() => `http://127.0.0.1:${target}/end`);
    const headers = { authorization: 'Bearer x' };
    expect(await answerOf(local.get(`http://127.0.0.1:${target}/`, { headers }))).toBe('200 end Bearer x');
    expect(await answerOf(local.get(`http://127.0.0.1:${port}/`, { headers }))).toBe('200 end anonymous');
  });

  it('are not followed by POST', async () => {
    const port = await redirecting(() => '/end');
    expect(await answerOf(local.post(`http://127.0.0.1:${port}/`, 'a=1', 'text/plain'))).toBe('302 ');
  });
});
