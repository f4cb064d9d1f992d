/**
 * Makes the secrets of an overlay, those that are not there yet: `node deploy/k8s/secrets.mjs deploy/k8s/overlays/bundled`.
 * Each service gets a file of its own below secrets/, with what it alone may know. For stores of your own set DATABASE_ADMIN_URL
 * (a role that may make roles and schemas) and REDIS_URL; unset, those of the cluster are meant.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [overlay] = process.argv.slice(2);
if (!overlay || !existsSync(join(overlay, 'kustomization.yaml'))) {
  console.error('name the folder of an overlay: node deploy/k8s/secrets.mjs deploy/k8s/overlays/bundled');
  process.exit(2);
}
const folder = join(overlay, 'secrets');
const services = ['authorize', 'token', 'session', 'config'];
const upper = (name) => name.toUpperCase();
/** Begins with a letter: NATS would read digits as a number. */
const password = () => `s${randomBytes(24).toString('base64url')}`;

const kept = join(folder, 'all.json');
const secrets = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
const secretOf = (name, make = password) => (secrets[name] = process.env[name] || (secrets[name] ?? make()));

const masterKey = secretOf('CORSAC_MASTER_KEY', () => randomBytes(32).toString('base64url'));
const natsPassword = (user) => secretOf(`NATS_${upper(user)}_PASSWORD`);
const databasePassword = (service) => secretOf(`DATABASE_PASSWORD_${upper(service)}`);
const redisUrl = secretOf('REDIS_URL', () => `redis://:${secretOf('REDIS_PASSWORD')}@redis:6379`);
const adminUrl = secretOf(
  'DATABASE_ADMIN_URL',
  () => `postgresql://corsac:${secretOf('POSTGRES_PASSWORD')}@postgres:5432/corsac`,
);
const databaseUrl = (service) =>
  Object.assign(new URL(adminUrl), { username: service, password: databasePassword(service) }).href;

const files = Object.fromEntries(
  services.map((service) => [
    service,
    {
      CORSAC_MASTER_KEY: masterKey,
      CORSAC_NATS_PASSWORD: natsPassword(service),
      DATABASE_URL: databaseUrl(service),
      REDIS_URL: redisUrl,
    },
  ]),
);
files.config['ADMIN_PASSWORD'] = secretOf('ADMIN_PASSWORD');
files.setup = {
  DATABASE_ADMIN_URL: adminUrl,
  NATS_SETUP_PASSWORD: natsPassword('setup'),
  ...Object.fromEntries(
    services.flatMap((service) => [
      [`DATABASE_PASSWORD_${upper(service)}`, databasePassword(service)],
      [`DATABASE_URL_${upper(service)}`, databaseUrl(service)],
    ]),
  ),
};
files.nats = Object.fromEntries(
  [...services, 'setup'].map((user) => [`NATS_${upper(user)}_PASSWORD`, natsPassword(user)]),
);
if (secrets['REDIS_PASSWORD']) files.redis = { REDIS_PASSWORD: secrets['REDIS_PASSWORD'] };
if (secrets['POSTGRES_PASSWORD']) files.postgres = { POSTGRES_PASSWORD: secrets['POSTGRES_PASSWORD'] };

mkdirSync(folder, { recursive: true, mode: 0o700 });
for (const [name, values] of Object.entries(files)) {
  const lines = Object.entries(values).map(([variable, value]) => `${variable}=${value}\n`);
  writeFileSync(join(folder, `${name}.env`), lines.join(''), { mode: 0o600 });
}
writeFileSync(kept, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
console.log(`${Object.keys(files).length} secrets in ${folder}; keep all.json safe: the master key is in it`);
