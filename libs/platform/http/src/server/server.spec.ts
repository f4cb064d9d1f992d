import { Controller, Get, Module, Options, Post, Req, type DynamicModule } from '@nestjs/common';
import { silentMetrics, type Logger, type LogFields, type RequestMeasure } from '@corsac/telemetry';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { sendBody, sendJson, sendNothing, type HttpAnswer } from '../answer/answer.js';
import { sendHtml } from '../answer/page.js';
import { Health } from '../health/health.js';
import { clientAddressReader } from '../request/client-address.js';
import type { HttpRequest } from '../request/request.js';
import { BodyLimit } from './body-limit.js';
import { createHttpApp, type HttpApp } from './create-app.js';
import { Listener } from './listener.js';

class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly retry_after = 2;
}

@Controller()
class Endpoints {
  @Post(':tenant/:track/:party/oauth/token')
  token(@Req() request: HttpRequest): HttpAnswer {
    const { params, content, rawPath, rawQuery } = request;
    return sendJson({ params, content, rawPath, rawQuery });
  }

  @Get(':tenant/:track/:party/oauth/authorize')
  async authorize(@Req() request: HttpRequest): Promise<HttpAnswer> {
    request.note({ tenant: 'acme', sequence: 'seq-1' });
    request.logger.info({}, 'noted');
    return sendHtml(
      `<p>${request.clientIp}|${request.cookies.get('a') ?? ''}|${request.messageContext.traceparent ?? ''}</p>`,
    );
  }

  @Options(':tenant/:track/:party/oauth/token')
  preflight(): HttpAnswer {
    return sendNothing();
  }

  @Post('small')
  @BodyLimit(10)
  small(): HttpAnswer {
    return sendJson({});
  }

  @Get('bug')
  bug(): HttpAnswer {
    throw new Error('the secret of the house');
  }

  @Get('async-bug')
  async asyncBug(): Promise<HttpAnswer> {
    await Promise.resolve();
    throw new Error('the secret of the house');
  }

  @Get('no-answer')
  noAnswer(): object {
    return { secret: 'x' };
  }

  @Get('stream')
  stream(): HttpAnswer {
    return sendBody(Readable.from(['a', 'bc']), 'text/plain');
  }

  @Get('broken-stream')
  brokenStream(): HttpAnswer {
    const parts = async function* (): AsyncGenerator<string> {
      yield 'a';
      throw new Error('away');
    };
    return sendBody(Readable.from(parts()), 'text/plain');
  }

  @Get('store')
  store(): HttpAnswer {
    throw new StoreUnavailable('items: connection refused');
  }
}

@Module({})
class Root {}

const rootModule: DynamicModule = { module: Root, controllers: [Endpoints] };

interface Line extends LogFields {
  readonly message: string;
}
const lines: Line[] = [];
const measures: RequestMeasure[] = [];
const loggerWith = (kept: LogFields): Logger => {
  const write = (fields: LogFields, message: string): void => void lines.push({ ...kept, ...fields, message });
  return {
    debug: write,
    info: write,
    warn: write,
    error: write,
    child: (fields) => loggerWith({ ...kept, ...fields }),
  };
};

let http: HttpApp;
let listener: Listener;
let port: number;
const health = new Health();

beforeAll(async () => {
  http = await createHttpApp(rootModule, {
    logger: loggerWith({}),
    metrics: { ...silentMetrics, request: (measure) => void measures.push(measure) },
    clientAddressOf: clientAddressReader(['127.0.0.0/8']),
  });
  await http.init();
  listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    handlerOf: (path) => (path.startsWith('/health') || path === '/metrics' ? undefined : http.handle),
    health,
    metrics: async () => ({ text: 'corsac_up 1\n', contentType: 'text/plain' }),
  });
  ({ port } = await listener.listen());
});

afterAll(async () => {
  await listener.close(100);
  await http.app.close();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const call = (method: string, path: string, headers: object = {}, body?: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ port, method, path, headers: headers as never, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });

const raw = (text: string | Buffer): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('close', () => resolve(answer));
  });

const tokenPath = '/acme/-/shop(login)/oauth/token';
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const echoed = async (
  headers: object,
  body?: string,
): Promise<{ content: { kind: string; [member: string]: unknown } }> =>
  JSON.parse((await call('POST', tokenPath, headers, body)).text);

describe('bodies', () => {
  it('keeps a form as the text that was sent, repeated parameters included', async () => {
    expect((await echoed(form, 'scope=a&scope=b&x=%41')).content).toEqual({
      kind: 'form',
      text: 'scope=a&scope=b&x=%41',
    });
  });

  it('parses JSON, also of the +json kinds', async () => {
    expect((await echoed({ 'content-type': 'application/json' }, '{"a":[1]}')).content).toEqual({
      kind: 'json',
      value: { a: [1] },
    });
    expect((await echoed({ 'content-type': 'application/merge-patch+json; charset=utf-8' }, '{}')).content.kind).toBe(
      'json',
    );
  });

  it.each([
    ['broken', '{"a":'],
    ['empty text', ' '],
    ['replacing a prototype', '{"__proto__":{"admin":true}}'],
    ['replacing a prototype by escapes', '{"\\u005f_proto__":{"admin":true}}'],
    ['nested too deep', '['.repeat(60) + ']'.repeat(60)],
  ])('tells the endpoint that JSON is unusable when it is %s', async (_what, text) => {
    expect((await echoed({ 'content-type': 'application/json' }, text)).content).toEqual({ kind: 'invalid_json' });
  });

  it('leaves other content types to the endpoint, and an unnamed one as well', async () => {
    expect((await echoed({ 'content-type': 'text/xml' }, '<a/>')).content).toMatchObject({
      kind: 'other',
      content_type: 'text/xml',
    });
    expect((await echoed({ 'transfer-encoding': 'chunked' }, 'x')).content).toMatchObject({
      kind: 'other',
      content_type: '',
    });
    expect((await echoed({ 'content-type': 'multipart/form-data; boundary=x' }, '--x--')).content.kind).toBe('other');
  });

  it('says that there is no body when there is none', async () => {
    expect((await echoed({})).content).toEqual({ kind: 'none' });
  });

  it('refuses a body over half a megabyte, or over what the route says, with 413', async () => {
    expect((await call('POST', tokenPath, form, `a=${'x'.repeat(512 * 1024)}`)).status).toBe(413);
    const small = await call('POST', '/small', form, 'a=123456789');
    expect([small.status, small.headers['connection']]).toEqual([413, 'close']);
    expect((await call('POST', '/small', form, 'a=1')).status).toBe(200);
  });

  it('counts what comes where no length was said', async () => {
    const chunked = { ...form, 'transfer-encoding': 'chunked' };
    const small = await call('POST', '/small', chunked, 'a=123456789');
    expect([small.status, small.headers['connection']]).toEqual([413, 'close']);
    expect((await call('POST', '/small', chunked, 'a=1')).status).toBe(200);
  });

  it.each([
    ['a form', form['content-type']],
    ['JSON', 'application/json'],
  ])('refuses %s that is no UTF-8', async (_what, type) => {
    const head = `POST ${tokenPath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${type}\r\n`;
    expect(await raw(Buffer.from(`${head}Content-Length: 3\r\n\r\na=\xff`, 'latin1'))).toMatch(/^HTTP\/1.1 400/);
    expect(await raw(Buffer.from(`${head}Content-Length: 4\r\n\r\n"é"`))).toMatch(/^HTTP\/1.1 200/);
  });

  it('does not mind who leaves before the body is there', async () => {
    measures.length = 0;
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`POST ${tokenPath} HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\nContent-Length: 9\r\n\r\nabc`),
    );
    setTimeout(() => socket.destroy(), 20);
    while (measures.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(measures).toEqual([expect.objectContaining({ route: 'oauth/token', status: 400 })]);
  });

  it('are read for the request that they came with, also when requests come at once', async () => {
    const one = `POST ${tokenPath} HTTP/1.1\r\nHost: x\r\nContent-Type: ${form['content-type']}\r\nContent-Length: 3\r\n`;
    const answer = await raw(`${one}\r\na=1${one}Connection: close\r\n\r\na=2`);
    expect(answer.match(/a=\d/g)).toEqual(['a=1', 'a=2']);
  });
});

describe('addresses', () => {
  const paramsOf = async (path: string): Promise<unknown> =>
    JSON.parse((await call('POST', path, form, '')).text).params;

  it('decodes path parameters once', async () => {
    expect(await paramsOf('/acme/-/shop%28login%29/oauth/token')).toEqual({
      tenant: 'acme',
      track: '-',
      party: 'shop(login)',
    });
    expect(await paramsOf('/acme/-/shop%2528x/oauth/token')).toMatchObject({ party: 'shop%28x' });
  });

  it('gives path and query raw', async () => {
    const answer = await call('POST', '/acme/-/shop%28login%29/oauth/token?a=1&a=%202?', form, '');
    expect(JSON.parse(answer.text)).toMatchObject({
      rawPath: '/acme/-/shop%28login%29/oauth/token',
      rawQuery: 'a=1&a=%202?',
    });
  });

  it('takes a binding of four long names', async () => {
    const party = `shop(${Array.from({ length: 4 }, () => 'x'.repeat(50)).join(',')})`;
    expect(await paramsOf(`/acme/-/${encodeURIComponent(party)}/oauth/token`)).toMatchObject({ party });
  });

  it.each(['/acme/-/%E0%A4%A/oauth/token', '/%', '/acme/-/%ZZ/oauth/token'])(
    'answers 4xx to the malformed address %s',
    async (path) => {
      const { status } = await call('GET', path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    },
  );

  it.each(['/ACME', '/acme/-/shop/oauth/Token', '/acme/-/shop/oauth/token/', '//acme/-/shop/oauth/token'])(
    'answers 404 to %s',
    async (path) => {
      expect((await call('POST', path, form, '')).status).toBe(404);
    },
  );

  it('answers 404 in the form that the asker reads', async () => {
    const page = await call('GET', '/nothing', { accept: 'text/html,*/*' });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(JSON.parse((await call('GET', '/nothing')).text)).toMatchObject({ error: 'not_found' });
  });
});

describe('hostile requests', () => {
  it.each([
    ['no HTTP', 'HELLO\r\n\r\n', 'HTTP/1.1 400'],
    [
      'two lengths',
      `POST ${tokenPath} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc`,
      'HTTP/1.1 400',
    ],
    [
      'a length and chunks',
      `POST ${tokenPath} HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc`,
      'HTTP/1.1 400',
    ],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`, 'HTTP/1.1 431'],
    [
      'a broken content type',
      `POST ${tokenPath} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ;;/\r\nContent-Length: 1\r\n\r\na`,
      'HTTP/1.1 4',
    ],
    ['no host', 'GET /acme HTTP/1.1\r\n\r\n', 'HTTP/1.1 400'],
    ['an unknown expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\nConnection: close\r\n\r\n', 'HTTP/1.1 404'],
    ['a made-up method', 'FETCH / HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 400'],
    [
      'an absolute target',
      'GET http://elsewhere/acme HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      'HTTP/1.1 404',
    ],
  ])('answers %s with 4xx and stays alive', async (_what, text, expected) => {
    const answer = await raw(text);
    expect(answer.slice(0, expected.length)).toBe(expected);
    expect(answer).toMatch(/^x-content-type-options: nosniff\r$/im);
    expect((await call('GET', '/health/live')).status).toBe(200);
  });
});

describe('bugs', () => {
  it.each(['/bug', '/async-bug', '/no-answer'])(
    'answers %s with 500 and a reference, and tells only the log why',
    async (path) => {
      lines.length = 0;
      const { status, text } = await call('GET', path);
      expect(status).toBe(500);
      expect(text).not.toMatch(/secret/);
      const { request_id } = JSON.parse(text) as { request_id: string };
      expect(lines.find((line) => line.message === 'a request ended in a bug')).toMatchObject({
        request_id,
        error: expect.any(Error),
      });
    },
  );

  it('shows a plain page with the reference to browsers', async () => {
    const { status, text } = await call('GET', '/bug', { accept: 'text/html' });
    expect(status).toBe(500);
    expect(text).toMatch(/Reference: <code>[\w-]+<\/code>/);
  });

  it('answers 503 with Retry-After when a store is away', async () => {
    const { status, headers, text } = await call('GET', '/store');
    expect([status, headers['retry-after'], JSON.parse(text).error]).toEqual([503, '2', 'temporarily_unavailable']);
  });
});

describe('request context', () => {
  it('takes a forwarded address from a trusted proxy', async () => {
    expect((await call('GET', '/a/b/c/oauth/authorize', { 'x-forwarded-for': '203.0.113.9' })).text).toContain(
      '203.0.113.9|',
    );
  });

  it('reads cookies and passes on a well-formed trace context only', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect((await call('GET', '/a/b/c/oauth/authorize', { cookie: 'a=1; b=2', traceparent })).text).toContain(
      `|1|${traceparent}<`,
    );
    expect((await call('GET', '/a/b/c/oauth/authorize', { traceparent: `${traceparent}\tx` })).text).toContain('||<');
  });

  it('names the request and what was noted of it in log lines', async () => {
    lines.length = 0;
    await call('GET', '/a/b/c/oauth/authorize');
    expect(lines.find(({ message }) => message === 'noted')).toMatchObject({
      request_id: expect.any(String),
      tenant: 'acme',
      sequence: 'seq-1',
    });
  });

  it('counts requests by kind of route, never by path', async () => {
    measures.length = 0;
    await call('POST', '/acme/-/shop/oauth/token', form, '');
    await call('GET', '/nothing/of/the/kind');
    expect(measures).toEqual([
      expect.objectContaining({ route: 'oauth/token', status: 200, tenant: 'acme', track: '-' }),
      expect.objectContaining({ route: 'unmatched', status: 404 }),
    ]);
  });
});

describe('answers', () => {
  it('are not kept anywhere and not sniffed', async () => {
    const { headers } = await call('POST', tokenPath, form, '');
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('have the status that the endpoint said', async () => {
    expect((await call('OPTIONS', tokenPath)).status).toBe(204);
    expect((await call('POST', tokenPath, form, '')).status).toBe(200);
  });

  it('may be streams', async () => {
    const { status, headers, text } = await call('GET', '/stream');
    expect([status, headers['content-type'], text]).toEqual([200, 'text/plain', 'abc']);
  });

  it('that break take the connection along', async () => {
    await expect(call('GET', '/broken-stream')).rejects.toThrow('aborted');
    expect((await call('GET', '/stream')).status).toBe(200);
  });

  it('leave the body out for HEAD', async () => {
    const { status, text } = await call('HEAD', '/a/b/c/oauth/authorize');
    expect([status, text]).toEqual([200, '']);
  });
});

describe('health and metrics', () => {
  it('is ready from the first configuration until draining, and tells of stores without following them', async () => {
    let loaded = false;
    health.waitFor('configuration', () => loaded);
    health.check('database', () => Promise.reject(new Error('away')));
    health.check('bus', () => true);
    health.markStarted();
    const starting = await call('GET', '/health/ready');
    expect([starting.status, JSON.parse(starting.text)]).toEqual([
      503,
      { status: 'starting', waiting_for: ['configuration'], checks: { database: 'down', bus: 'up' } },
    ]);
    loaded = true;
    const ready = await call('GET', '/health/ready');
    expect([ready.status, JSON.parse(ready.text).status]).toEqual([200, 'ready']);
    health.beginDraining();
    const draining = await call('GET', '/health/ready');
    expect([draining.status, JSON.parse(draining.text).status, draining.headers.connection]).toEqual([
      503,
      'draining',
      'close',
    ]);
    expect((await call('GET', '/health/live')).status).toBe(200);
  });

  it('serves metrics as text', async () => {
    expect((await call('GET', '/metrics')).text).toBe('corsac_up 1\n');
  });
});
