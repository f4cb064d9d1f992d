/**
 * The peer: npm's oidc-provider with its state in Redis, configured to do the same works. Started by the benchmark as a
 * process of its own, with a Redis of its own as its child.
 */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PasswordHasher } from '@corsac/data';
import Provider from 'oidc-provider';
import { password } from '../setup.js';
import { configurationOf } from './configuration.js';
import { redisAdapter } from './redis-adapter.js';
import type { Alg } from './resources.js';
import { addSignInPage, isThePassword, type PasswordCheck } from './sign-in-page.js';
import { addTokenExchange } from './token-exchange.js';

const port = Number(process.env['PORT']);
const redisPort = Number(process.env['REDIS_PORT']);
const alg: Alg = process.env['ALG'] === 'ES256' ? 'ES256' : 'RS256';
const withHash = process.env['WITH_HASH'] === '1';

const folder = mkdtempSync(join(tmpdir(), 'corsac-bench-redis-'));
const redis = spawn(
  'redis-server',
  ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'],
  { stdio: 'ignore' },
);

const makeKeys = (): { privateKey: object; publicKey: object } => {
  const made =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const named = { use: 'sig', alg, kid: 'bench' };
  return {
    privateKey: { ...made.privateKey.export({ format: 'jwk' }), ...named },
    publicKey: { ...made.publicKey.export({ format: 'jwk' }), ...named },
  };
};

/** The same hash as ours at the same cost, off the event loop. */
const hashedCheck = async (): Promise<PasswordCheck> => {
  const hasher = new PasswordHasher();
  const kept = await hasher.hash(password);
  if (!kept.ok) throw new Error('the password could not be hashed');
  return async (typed) => {
    const checked = await hasher.verify(kept.value, typed);
    return checked.ok && checked.value.matches;
  };
};

const start = async (): Promise<void> => {
  const { privateKey, publicKey } = makeKeys();
  const provider = new Provider(
    `http://localhost:${port}`,
    configurationOf(alg, privateKey, await redisAdapter(redisPort)),
  );
  addTokenExchange(provider, publicKey, alg);
  addSignInPage(provider, withHash ? await hashedCheck() : isThePassword);
  provider.listen(port, '127.0.0.1');
};

const stop = (): void => {
  redis.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

start().catch((error: unknown) => {
  console.error(error);
  stop();
});
