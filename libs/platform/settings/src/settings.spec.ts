import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { declarations } from './declarations.js';
import { documentSettings } from './document-settings.js';
import { readSettings, type Settings } from './read-settings.js';
import type { Setting, Shape } from './setting.js';

const distributed = {
  CORSAC_BASE_URL: 'https://id.example.com',
  DATABASE_URL: 'postgresql://corsac:hidden-word@db/corsac',
  REDIS_URL: 'redis://redis:6379',
  NATS_URL: 'nats://nats:4222',
  CORSAC_MASTER_KEY: 'a-hidden-key',
};

const settingsOf = (env: NodeJS.ProcessEnv, shape: Shape = 'embedded'): Settings => {
  const read = readSettings(env, shape);
  if (!read.ok) throw new Error(read.error.join('\n'));
  return read.value;
};

const problemsOf = (env: NodeJS.ProcessEnv, shape: Shape = 'embedded'): string[] => {
  const read = readSettings(env, shape);
  return read.ok ? [] : read.error.map(String);
};

describe('settings of the embedded shape', () => {
  it('are complete with an empty environment', () => {
    expect(settingsOf({})).toMatchObject({
      shape: 'embedded',
      host: '127.0.0.1',
      port: 4400,
      base_url: 'http://localhost:4400',
      loopback: true,
      data: '.corsac',
      trusted_proxies: [],
      outbound_allow: [],
      log_level: 'warn',
      drain_s: 0,
      master_key: undefined,
      warnings: [],
    });
  });

  it('make the base URL of the port unless it is set', () => {
    expect(settingsOf({ PORT: '5000' }).base_url).toBe('http://localhost:5000');
    expect(settingsOf({ CORSAC_BASE_URL: 'https://ID.example.com:8443/' })).toMatchObject({
      base_url: 'https://id.example.com:8443',
      loopback: false,
    });
  });

  it('count an empty variable as unset', () => {
    expect(settingsOf({ PORT: '', CORSAC_CONFIG: '  ' })).toMatchObject({ port: 4400, config: undefined });
  });

  it('read lists by commas and blanks', () => {
    expect(settingsOf({ CORSAC_OUTBOUND_ALLOW: 'idp.internal, 10.0.0.0/8,::1' }).outbound_allow).toEqual([
      'idp.internal',
      '10.0.0.0/8',
      '::1',
    ]);
  });

  it('warn when others can reach a process whose links name this machine', () => {
    expect(settingsOf({ HOST: '0.0.0.0' }).warnings).toEqual([expect.stringContaining('CORSAC_BASE_URL is not set')]);
    expect(settingsOf({ HOST: '0.0.0.0', CORSAC_BASE_URL: 'https://id.example.com' }).warnings).toEqual([]);
  });
});

describe('settings of the distributed shape', () => {
  it('are read whole', () => {
    expect(settingsOf(distributed, 'distributed')).toMatchObject({
      shape: 'distributed',
      log_level: 'info',
      drain_s: 5,
    });
  });

  it.each(['CORSAC_MASTER_KEY', 'DATABASE_URL', 'REDIS_URL', 'NATS_URL', 'CORSAC_BASE_URL'])(
    'refuse a start without %s',
    (variable) => {
      expect(problemsOf({ ...distributed, [variable]: undefined }, 'distributed')).toEqual([
        expect.stringMatching(`^${variable} is not set: set it, for example ${variable}=`),
      ]);
    },
  );

  it('tell every problem at once', () => {
    expect(problemsOf({}, 'distributed')).toHaveLength(5);
  });
});

describe('values that cannot be used', () => {
  it.each([
    ['PORT', '70000', 'must be a whole number from 0 to 65535 ("70000")'],
    ['PORT', '80a', 'whole number'],
    ['PORT', '-1', 'whole number'],
    ['CORSAC_BASE_URL', 'id.example.com', 'must be an address'],
    ['CORSAC_BASE_URL', 'ftp://id.example.com', 'must be an address'],
    ['CORSAC_BASE_URL', 'http://id.example.com', 'must begin with https://'],
    ['CORSAC_BASE_URL', 'https://id.example.com/auth', 'must be without path'],
    ['CORSAC_BASE_URL', 'https://user@id.example.com', 'must be without path'],
    ['CORSAC_BASE_URL', 'http://127.0.0.1.evil.example', 'must begin with https://'],
    ['DATABASE_URL', 'mysql://db', 'must be an address that begins with postgres:// or postgresql://'],
    ['REDIS_URL', 'localhost:6379', 'must be an address that begins with redis://'],
    ['NATS_URL', 'nats://a:4222,http://b', 'must be one or several addresses'],
    ['CORSAC_TRUSTED_PROXIES', '10.0.0.0/40', 'must be addresses or networks'],
    ['CORSAC_TRUSTED_PROXIES', 'proxy.internal', 'must be addresses or networks'],
    ['CORSAC_OUTBOUND_ALLOW', 'http://x', 'must be host names'],
    ['CORSAC_LOG_LEVEL', 'loud', 'must be one of debug, info, warn, error, silent'],
    ['CORSAC_DRAIN_SECONDS', '301', 'from 0 to 300'],
  ])('refuses %s=%s', (variable, value, expected) => {
    const [problem] = problemsOf({ [variable]: value });
    expect(problem).toContain(`${variable} `);
    expect(problem).toContain(expected);
  });

  it('never shows the value of a secret', () => {
    expect(problemsOf({ DATABASE_URL: 'mysql://u:hidden-word@db' }).join()).not.toContain('hidden-word');
  });
});

describe('declarations', () => {
  const all = Object.values(declarations) as Setting<unknown>[];

  it('have one variable each', () => {
    expect(new Set(all.map(({ variable }) => variable)).size).toBe(all.length);
  });

  it('stand in the reference page as they are; UPDATE_DOCS=1 writes it', () => {
    const page = join(__dirname, '../../../../docs/reference/settings.md');
    if (process.env['UPDATE_DOCS']) {
      mkdirSync(dirname(page), { recursive: true });
      writeFileSync(page, documentSettings());
    }
    expect(existsSync(page) && readFileSync(page, 'utf8')).toBe(documentSettings());
  });
});
