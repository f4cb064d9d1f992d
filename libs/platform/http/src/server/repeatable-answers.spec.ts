import { Controller, Get, Module, Req, type DynamicModule } from '@nestjs/common';
import { silentLogger, silentMetrics, type RequestMeasure } from '@corsac/telemetry';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { HttpAnswer } from '../answer/answer.js';
import { readyAnswer, sendRepeatable } from '../answer/conditional.js';
import { Health } from '../health/health.js';
import { clientAddressReader } from '../request/client-address.js';
import type { HttpRequest } from '../request/request.js';
import { createHttpApp, type HttpApp } from './create-app.js';
import { Listener } from './listener.js';
import { RepeatableAnswers } from './repeatable-answers.js';

let version = 1;
let asked = 0;

@Controller()
class Endpoints {
  @Get(':tenant/:track/metadata')
  metadata(@Req() request: HttpRequest): HttpAnswer {
    asked += 1;
    const made = version;
    const ready = readyAnswer(`{"version":${made},"text":"é"}`, 'application/json', { cache: 'public, max-age=60' });
    return sendRepeatable(ready, request.headers, () => version === made);
  }
}

@Module({})
class Root {}

const rootModule: DynamicModule = { module: Root, controllers: [Endpoints] };
const measures: RequestMeasure[] = [];
const health = new Health();
let http: HttpApp;
let listener: Listener;
let port: number;

beforeAll(async () => {
  http = await createHttpApp(rootModule, {
    logger: silentLogger,
    metrics: { ...silentMetrics, request: (measure) => void measures.push(measure) },
    clientAddressOf: clientAddressReader([]),
  });
  await http.init();
  const metrics = async () => ({ text: '', contentType: 'text/plain' });
  listener = new Listener({ host: '127.0.0.1', port: 0, handlerOf: () => http.handle, health, metrics });
  ({ port } = await listener.listen());
});
afterAll(async () => {
  await listener.close(100);
  await http.app.close();
});
beforeEach(() => {
  version += 1;
  asked = 0;
  measures.length = 0;
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const get = (path: string, headers: object = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ port, method, path, headers: headers as never, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    request.on('error', reject).end();
  });

const withoutDate = ({ status, headers: { date: _date, ...headers }, text }: Answer): object => ({
  status,
  headers,
  text,
});

describe('answers that may be repeated', () => {
  it('come a second time without the endpoint, the same in every part', async () => {
    const first = await get('/acme/-/metadata');
    const second = await get('/acme/-/metadata');
    expect(withoutDate(second)).toEqual(withoutDate(first));
    expect(second.headers['content-length']).toBe(String(Buffer.byteLength(second.text)));
    expect(asked).toBe(1);
  });

  it('come anew from the endpoint as soon as they no longer hold', async () => {
    await get('/acme/-/metadata');
    version += 1;
    expect(JSON.parse((await get('/acme/-/metadata')).text)).toMatchObject({ version });
    expect(asked).toBe(2);
  });

  it('are unchanged for whoever has them, RFC 9110 15.4.5', async () => {
    const { headers } = await get('/acme/-/metadata');
    const again = await get('/acme/-/metadata', { 'if-none-match': headers.etag });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', headers.etag]);
    expect(asked).toBe(1);
  });

  it('are measured as the endpoint’s are', async () => {
    await get('/acme/-/metadata');
    await get('/acme/-/metadata');
    const [first, second] = measures.map(({ duration_ms: _duration, ...measure }) => measure);
    expect(second).toEqual(first);
    expect(second).toEqual({ route: 'metadata', status: 200, tenant: 'acme', track: '-' });
  });

  it.each([
    ['with a query', '/acme/-/metadata?a=1', 'GET'],
    ['for the head alone', '/acme/-/metadata', 'HEAD'],
  ])('are always asked of the endpoint %s', async (_what, path, method) => {
    await get(path, {}, method);
    await get(path, {}, method);
    expect(asked).toBe(2);
  });

  it('are held for a bounded number of addresses', () => {
    const answers = new RepeatableAnswers();
    const answer = { ready: readyAnswer('{}', 'application/json'), isCurrent: () => true };
    for (let n = 0; n < 2001; n += 1) answers.keep(`/${n}`, { answer, route: 'x' });
    expect([answers.find('/0'), answers.find('/1')?.route, answers.find('/2000')?.route]).toEqual([
      undefined,
      'x',
      'x',
    ]);
  });
});
