/**
 * Brings stores and bus to where the services can start, once at deployment and before every update; doing it again
 * changes nothing. Each part is done when its variable is set:
 *
 * - DATABASE_ADMIN_URL: a role and a schema for each service, with the password in DATABASE_PASSWORD_<SERVICE>
 * - DATABASE_URL_<SERVICE>: the migrations of that service, with its own role
 * - NATS_URL: streams and consumers, as the user `setup` (prepare-streams.mjs)
 */
import { createRequire } from 'node:module';

const { env } = process;
const services = ['authorize', 'config', 'session', 'token'];
const require = createRequire(import.meta.url);
const patience_ms = 60_000;

/** Stores that start at the same time as this may take a while. */
const persist = async (work) => {
  const until = Date.now() + patience_ms;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const away = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNRESET', '57P03'].includes(error.code);
      if (!away || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
};

const passwordOf = (service) => {
  const variable = `DATABASE_PASSWORD_${service.toUpperCase()}`;
  if (!env[variable]) throw new Error(`${variable} is not set: the role ${service} needs a password`);
  return env[variable];
};

/** A role may work in its own schema and nowhere else. */
const makeRole = async (client, service) => {
  const [role, password] = [client.escapeIdentifier(service), client.escapeLiteral(passwordOf(service))];
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [service]);
  await client.query(`${rowCount ? 'alter' : 'create'} role ${role} login password ${password}`);
  // An administrator who is no superuser gives schemas only to roles that it is a member of.
  await client.query(`grant ${role} to current_user`);
  await client.query(`create schema if not exists ${role} authorization ${role}`);
};

const makeRoles = async (connectionString) => {
  const { Client } = require('pg');
  const client = await persist(async () => {
    const attempt = new Client({ connectionString });
    await attempt.connect();
    return attempt;
  });
  try {
    await client.query('revoke create on schema public from public');
    for (const service of services) await makeRole(client, service);
  } finally {
    await client.end();
  }
  console.log(`roles and schemas are there: ${services.join(', ')}`);
};

const migrate = async (service, url) => {
  const { openDatabase } = require('@corsac/data');
  const { schema } = require(`@corsac/${service}-service`)[`${service}Service`];
  const database = await openDatabase({ ...schema, url, schema: service, patience_s: patience_ms / 1000 });
  await database.destroy();
  console.log(`the schema ${service} is up to date`);
};

try {
  if (env.DATABASE_ADMIN_URL) await makeRoles(env.DATABASE_ADMIN_URL);
  for (const service of services) {
    const url = env[`DATABASE_URL_${service.toUpperCase()}`];
    if (url) await migrate(service, url);
  }
} catch (error) {
  console.error(`setup: ${error.message}`);
  process.exit(1);
}
if (env.NATS_URL) await import('../nats/prepare-streams.mjs');
