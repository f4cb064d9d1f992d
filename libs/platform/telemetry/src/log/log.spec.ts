import { Writable } from 'node:stream';
import { blackenText, isSecretName } from './blacken.js';
import { createLogger } from './create-logger.js';
import type { LogFields, Logger } from './logger.js';

const canary = 'CANARY-7f3b9c';
const jwt = `eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ${canary}.sig_${canary}`;

const logged = (use: (logger: Logger) => void, level: 'debug' | 'info' = 'debug'): string => {
  let text = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk);
      done();
    },
  });
  use(createLogger({ level, stream }));
  return text;
};

const lineOf = (fields: LogFields, message = 'm'): Record<string, unknown> =>
  JSON.parse(logged((logger) => logger.info(fields, message))) as Record<string, unknown>;

describe('log lines', () => {
  it('carry what joins the lines of a request', () => {
    const fields = { request_id: 'r-1', tenant: 'acme', track: '-', party: 'shop', sequence: 's-1' };
    expect(lineOf(fields, 'signed in')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      ...fields,
      message: 'signed in',
    });
  });

  it('inherit the fields of their logger', () => {
    const text = logged((logger) =>
      logger.child({ service: 'token' }).child({ tenant: 'acme' }).warn({ track: '-' }, 'm'),
    );
    expect(JSON.parse(text)).toMatchObject({ level: 'warn', service: 'token', tenant: 'acme', track: '-' });
  });

  it('are left out below the level', () => {
    expect(logged((logger) => logger.debug({}, 'm'), 'info')).toBe('');
  });

  it('tell type, message, code, stack and cause of an error', () => {
    const error = Object.assign(new Error('away', { cause: new TypeError('inner') }), { code: 'ECONNREFUSED' });
    expect(lineOf({ error })).toMatchObject({
      error: {
        type: 'Error',
        message: 'away',
        error_code: 'ECONNREFUSED',
        stack: expect.stringContaining('log.spec'),
        cause: { type: 'TypeError' },
      },
    });
  });

  it('stay bounded whatever is logged', () => {
    const circle: Record<string, unknown> = {};
    circle['circle'] = circle;
    const text = logged((logger) =>
      logger.info({ circle, long: 'x'.repeat(100_000), many: Array(1000).fill('y'), big: 10n }, 'm'),
    );
    expect(text.length).toBeLessThan(10_000);
  });
});

describe('canaries', () => {
  const names = [
    'client_secret',
    'clientSecret',
    'password',
    'new_password',
    'code',
    'authorization_code',
    'code_verifier',
    'codeVerifier',
    'access_token',
    'refreshToken',
    'id_token_hint',
    'authorization',
    'Authorization',
    'cookie',
    'set-cookie',
    'client_assertion',
    'subject_token',
    'SAMLResponse',
    'samlRequest',
    'RelayState',
    'state',
    'nonce',
    'totp_seed',
    'master_key',
    'private-key',
    'body',
    'query',
    'rawQuery',
    'form',
    'jwt',
    'secrets',
  ];

  it.each(names)('under the name %s do not sing', (name) => {
    expect(isSecretName(name)).toBe(true);
    const text = logged((logger) => {
      logger.info({ [name]: canary }, 'm');
      logger.info({ deep: { list: [{ [name]: { value: canary } }] } }, 'm');
      logger.child({ [name]: canary }).info({}, 'm');
    });
    expect(text).not.toContain(canary);
  });

  const texts = [
    `token ${jwt} is not valid`,
    `Authorization: Bearer ${canary}`,
    `authorization: basic ${canary}`,
    `DPoP ${canary}`,
    `GET https://id.example.com/cb?code=${canary}&state=x`,
    `GET /acme/-/shop/oauth/authorize?id_token_hint=${canary}`,
    `redirect to com.example.app:/cb#access_token=${canary} failed at https://a/#id_token=${canary}`,
    `grant_type=password&password=${canary}&client_secret=${canary}`,
    `could not connect to postgresql://corsac:${canary}@db:5432/corsac`,
    `redis://:${canary}@redis`,
    `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----`,
    `-----BEGIN EC PRIVATE KEY-----\n${canary}`,
    `SAMLResponse=${canary}`,
  ];

  it.each(texts)('inside the text %j do not sing, wherever it stands', (said) => {
    const error = Object.assign(new Error(said, { cause: new Error(said) }), {
      request: said,
      parameters: [said],
      body: said,
    });
    const text = logged((logger) => {
      logger.info({}, said);
      logger.info({ detail: said, list: [said], deep: { deeper: said } }, 'm');
      logger.error({ error, err: error, reason: error }, 'm');
      logger.child({ detail: said }).info({}, 'm');
    });
    expect(text).not.toContain(canary);
  });

  it('in bytes do not sing', () => {
    expect(
      logged((logger) => logger.info({ bytes: Buffer.from(canary), array: new TextEncoder().encode(canary) }, 'm')),
    ).not.toContain(Buffer.from(canary).toString('base64').slice(0, 8));
  });

  it('spare what is harmless', () => {
    const fields = {
      status_code: 400,
      error_code: 'x',
      route: 'oauth/token',
      kid: 'k1',
      party: 'shop',
      detail: 'the code was used before',
      duration_ms: 3,
    };
    expect(lineOf(fields)).toMatchObject(fields);
    expect(blackenText('https://id.example.com/acme/-/shop(login)/oauth/token')).toContain(
      '/acme/-/shop(login)/oauth/token',
    );
    expect(blackenText('2 of 3 passed = fine')).toBe('2 of 3 passed = fine');
  });
});
