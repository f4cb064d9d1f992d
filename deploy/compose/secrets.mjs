/**
 * Makes the secrets of a compose installation, once: a master key and a password for every user of every store. Each
 * container sees its own only, as files in a volume of its own below SECRETS. Those named in the environment
 * are taken instead of made. Secrets of the demo's applications stand in DEMO_ENV as well, for the samples on the host.
 */
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { SECRETS = '/secrets', DEMO_ENV = '/host/demo.env', DEMO_FILE = '/etc/corsac/config/demo.yaml' } = process.env;
const services = ['authorize', 'token', 'session', 'config'];
const kept = join(SECRETS, 'kept', 'all.json');

const linesOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);
const pairsOf = (file) =>
  Object.fromEntries(linesOf(file).flatMap((line) => (/^[A-Z]\w*=\S/.test(line) ? [line.split(/=(.*)/s, 2)] : [])));

const secrets = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : {};
/** Begins with a letter: NATS would read digits as a number. */
const password = () => `s${randomBytes(24).toString('base64url')}`;
const secretOf = (name, make = password) => (secrets[name] = process.env[name] || (secrets[name] ?? make()));

const write = (file, text, mode = 0o444) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
};
const writeEnv = (who, values) =>
  write(
    join(SECRETS, who, 'env'),
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );

const upper = (service) => service.toUpperCase();
const database = (user, word) => `postgresql://${user}:${word}@postgres:5432/corsac`;

/** The demo's secrets are those of `npm start` in this folder where there are some, so that the samples know one set. */
const demoSecrets = () => {
  const names = [...readFileSync(DEMO_FILE, 'utf8').matchAll(/\$\{(DEMO_[A-Z0-9_]+)\}/g)].map(([, name]) => name);
  const onHost = pairsOf(DEMO_ENV);
  const values = names.map((name) => [
    name,
    process.env[name] || (onHost[name] ?? randomBytes(24).toString('base64url')),
  ]);
  return Object.fromEntries(values);
};

/** Kept beside what `npm start` keeps, owned by whoever owns the working copy. */
const tellHost = (values) => {
  const lines = Object.entries({ ...pairsOf(DEMO_ENV), ...values }).map(([name, value]) => `${name}=${value}\n`);
  write(DEMO_ENV, `# Secrets of the demo's applications, made at first start.\n${lines.join('')}`, 0o600);
  const { uid, gid } = statSync(dirname(DEMO_FILE));
  for (const path of [dirname(DEMO_ENV), DEMO_ENV]) chownSync(path, uid, gid);
};

const demo = existsSync(DEMO_FILE) ? demoSecrets() : {};
const masterKey = secretOf('CORSAC_MASTER_KEY', () => randomBytes(32).toString('base64url'));
const redis = secretOf('REDIS_PASSWORD');
const admin = secretOf('POSTGRES_PASSWORD');
const busVariables = [...services, 'setup'].map((user) => `NATS_${upper(user)}_PASSWORD`);
const bus = Object.fromEntries(busVariables.map((name) => [name, secretOf(name)]));
const databases = Object.fromEntries(
  services.map((service) => [service, secretOf(`DATABASE_PASSWORD_${upper(service)}`)]),
);

for (const service of services) {
  writeEnv(service, {
    CORSAC_MASTER_KEY: masterKey,
    CORSAC_NATS_USER: service,
    CORSAC_NATS_PASSWORD: bus[`NATS_${upper(service)}_PASSWORD`],
    DATABASE_URL: database(service, databases[service]),
    REDIS_URL: `redis://:${redis}@redis:6379`,
    ...(service === 'config' && demo),
  });
}
writeEnv('setup', {
  DATABASE_ADMIN_URL: database('corsac', admin),
  ...Object.fromEntries(services.map((service) => [`DATABASE_PASSWORD_${upper(service)}`, databases[service]])),
  NATS_SETUP_PASSWORD: bus['NATS_SETUP_PASSWORD'],
});
write(join(SECRETS, 'postgres', 'password'), admin);
write(join(SECRETS, 'redis', 'redis.conf'), `requirepass ${redis}\n`);
const accounts = readFileSync(new URL('../nats/accounts.conf', import.meta.url), 'utf8');
const withPasswords = accounts.replace(/\$(NATS_\w+_PASSWORD)/g, (_whole, name) => JSON.stringify(bus[name]));
write(join(SECRETS, 'nats', 'accounts.conf'), withPasswords);
write(
  join(SECRETS, 'nats', 'nats-server.conf'),
  readFileSync(new URL('../nats/nats-server.conf', import.meta.url), 'utf8'),
);
write(kept, JSON.stringify(secrets), 0o600);
if (Object.keys(demo).length > 0) tellHost(demo);
// The bus runs as nobody in particular, and its volume was made by root.
if (existsSync('/nats')) chownSync('/nats', 1000, 1000);
console.log(`secrets are there; those of the demo's applications in .corsac/demo.env`);
