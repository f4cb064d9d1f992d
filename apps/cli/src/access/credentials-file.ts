import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';
import { underLock } from './lock.js';

const login = z.object({
  url: z.string(),
  tenant: z.string(),
  client_id: z.string(),
  token_endpoint: z.string(),
  revocation_endpoint: z.string().optional(),
  access_token: z.string(),
  /** Milliseconds since 1970. */
  expires_ms: z.number(),
  refresh_token: z.string().optional(),
});
/** One sign-in at one tenant of one installation. */
export type Login = z.output<typeof login>;

const kept = z.object({
  version: z.literal(1),
  /** The one that was signed in last is the first. */
  logins: z.array(login),
});

export interface Place {
  readonly url?: string;
  readonly tenant?: string;
}

/** Those logins that are at the place, as far as it is said. */
export const loginsAt = (logins: readonly Login[], { url, tenant }: Place): Login[] =>
  logins.filter((one) => (url === undefined || one.url === url) && (tenant === undefined || one.tenant === tenant));

export const withLogin = (logins: readonly Login[], one: Login): Login[] => [one, ...withoutLogin(logins, one)];

/** The same list with one login changed where it stands. */
export const replaced = (logins: readonly Login[], one: Login): Login[] =>
  logins.map((each) => (each.url === one.url && each.tenant === one.tenant ? one : each));

export const withoutLogin = (logins: readonly Login[], { url, tenant }: Required<Place>): Login[] =>
  logins.filter((each) => each.url !== url || each.tenant !== tenant);

/** Where logins are kept: XDG Base Directory Specification. */
export const credentialsPath = ({ env, home }: Pick<Machine, 'env' | 'home'>): string => {
  const given = env['XDG_CONFIG_HOME'];
  return join(
    given !== undefined && given.startsWith('/') ? given : join(home, '.config'),
    'corsac',
    'credentials.json',
  );
};

/** The logins of a user of this machine. Only they can read the file, and it is there whole or not at all. */
export class CredentialsFile {
  readonly path: string;

  constructor(private readonly machine: Pick<Machine, 'env' | 'home' | 'sleep' | 'nowMs'>) {
    this.path = credentialsPath(machine);
  }

  async read(): Promise<Outcome<Login[], Problem>> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as { code?: unknown }).code === 'ENOENT') return ok([]);
      throw error;
    }
    try {
      return ok(kept.parse(JSON.parse(text)).logins);
    } catch {
      return refused(`${this.path} is not what corsac writes`, { mend: 'Remove it and run corsac login.' });
    }
  }

  /**
   * Changes the logins while no other process does.
   * @param work from the logins as they are to how they shall be (undefined: as they are), and what comes of it
   */
  change<T>(
    work: (
      logins: readonly Login[],
    ) => Promise<{ readonly logins?: readonly Login[]; readonly result: Outcome<T, Problem> }>,
  ): Promise<Outcome<T, Problem>> {
    return this.locked(async () => {
      const read = await this.read();
      if (!read.ok) return read;
      const { logins, result } = await work(read.value);
      if (logins) await this.write(logins);
      return result;
    });
  }

  private async locked<T>(work: () => Promise<Outcome<T, Problem>>): Promise<Outcome<T, Problem>> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    return underLock(this.machine, `${this.path}.lock`, work);
  }

  private async write(logins: readonly Login[]): Promise<void> {
    const beside = `${this.path}.${randomUUID()}`;
    const handle = await open(beside, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify({ version: 1, logins }, null, 2)}\n`);
      await handle.sync();
      await handle.close();
      await rename(beside, this.path);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await unlink(beside).catch(() => undefined);
      throw error;
    }
  }
}
