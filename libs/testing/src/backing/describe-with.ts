import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { backingIsRequired, publishedBacking, type BackingKind } from './backing.js';

/** What is a spec file's own on a shared server. */
export interface OwnPlace {
  /** Put in front of every key, subject or stream name: lower-case letters and digits. */
  prefix: string;
  how: string;
}

/** Real servers on a busy machine take their time; a rule about time measures it itself. */
const SLOW_MACHINE_MS = 30_000;

/**
 * A group of tests that need a real server. `url` is of a database of its own for Postgres (made before and dropped after the group), and
 * of the shared server otherwise, where `prefix` keeps the group apart. Where there is no server, the group is one skipped test that says
 * why, or a failed one under `REQUIRE_BACKING=1`.
 */
export function describeWith(kind: BackingKind, rules: (url: string, own: OwnPlace) => void): void {
  const backing = publishedBacking(kind) ?? {
    state: 'missing' as const,
    reason: 'the jest preset did not find describeWith in this file when the run began',
  };
  if (backing.state === 'missing') return describeMissing(kind, `needs a real server: ${backing.reason}`);
  jest.setTimeout(SLOW_MACHINE_MS);
  const own = { prefix: `t${randomBytes(5).toString('hex')}`, how: backing.how };
  describe(`with ${kind}`, () => {
    if (kind !== 'postgres') return rules(backing.url, own);
    const database = new URL(backing.url);
    database.pathname = `/corsac_${own.prefix}`;
    beforeAll(() => administer(backing.url, `create database corsac_${own.prefix}`));
    afterAll(() => administer(backing.url, `drop database if exists corsac_${own.prefix} with (force)`));
    rules(database.href, own);
  });
}

/**
 * A group of tests that need programs of this machine: `name` is their package. Where a file is missing, the group is one skipped test that
 * says why, or a failed one under `REQUIRE_BACKING=1`.
 */
export function describeWithInstalled(name: string, files: readonly string[], rules: () => void): void {
  const missing = files.find((file) => !existsSync(file));
  if (missing !== undefined) return describeMissing(name, `needs ${name} on this machine: there is no ${missing}`);
  describe(`with ${name}`, rules);
}

function describeMissing(name: string, reason: string): void {
  describe(`with ${name}`, () => {
    if (!backingIsRequired()) return it.skip(reason, () => undefined);
    it(`must not be skipped (REQUIRE_BACKING=1)`, () => {
      throw new Error(reason);
    });
  });
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
