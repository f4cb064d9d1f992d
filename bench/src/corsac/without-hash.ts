/**
 * Loaded into the processes of the product by the benchmark alone (`node --require`), before their own code: takes the
 * place of the password hash function, so that a sign-in costs all it costs but the hash, as on the peer's side. The
 * product has no setting for it. What is kept looks like argon2id at the cost that was asked for; it is one SHA-256.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createRequire, Module } from 'node:module';

interface Cost {
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
}

const digestOf = (salt: string, password: string): string =>
  createHash('sha256').update(salt).update(password).digest('base64').replace(/=+$/, '');

const hash = async (password: string, { memoryCost, timeCost, parallelism }: Cost): Promise<string> => {
  const salt = randomBytes(16).toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt}$${digestOf(salt, password)}`;
};

const verify = async (stored: string, password: string): Promise<boolean> => {
  const [salt = '', kept = ''] = stored.split('$').slice(4);
  const own = digestOf(salt, password);
  return own.length === kept.length && timingSafeEqual(Buffer.from(own), Buffer.from(kept));
};

// The very file that the product would load; when it is no longer there, the product does not start.
const filename = createRequire(require.resolve('@corsac/data')).resolve('@node-rs/argon2');
const standIn = new Module(filename);
Object.assign(standIn, { filename, loaded: true, exports: { hash, verify } });
require.cache[filename] = standIn;
