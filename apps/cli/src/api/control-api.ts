import { fail, ok, type Outcome } from '@corsac/outcome';
import { z } from 'zod';
import type { Access } from '../access/find-access.js';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';
import { send, strange, type Answer, type Sent } from './send.js';

const problemDetails = z.object({
  title: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string(), mend: z.string().optional() })).optional(),
});

const mends: Readonly<Record<number, string>> = {
  401: 'Run corsac login, or check the token or client of the environment.',
  403: 'Ask an administrator of the tenant for the right.',
  413: 'Send fewer files at once, each with -f.',
  503: 'Try again in a moment.',
};

/** What problem details (RFC 9457) say, as people read it. */
const problemOf = (url: string, answer: Answer): Problem => {
  const mend = mends[answer.status];
  const read = problemDetails.safeParse(answer.json);
  if (!read.success)
    return answer.status === 413
      ? { message: 'the request is larger than the server takes', mend }
      : strange(url, answer).error;
  const { title, detail, errors = [] } = read.data;
  const told = errors.map((one) =>
    `${one.field} ${one.message}${one.mend === undefined ? '' : ` (${one.mend})`}`.trim(),
  );
  const details = told.length > 0 ? told : detail === undefined ? [] : [detail];
  return {
    message: title.replace(/\.$/, ''),
    ...(details.length > 0 && { details }),
    ...(mend !== undefined && { mend }),
  };
};

const mostTries = 4;
/** Seconds; who asks for more is not waited for. */
const longestWaitS = 10;

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly patience_ms?: number;
}

/** The Control API as somebody calls it. */
export class ControlApi {
  constructor(
    private readonly machine: Pick<Machine, 'fetch' | 'sleep'>,
    private readonly access: Access,
  ) {}

  get tenant(): string {
    return this.access.tenant;
  }

  /**
   * Calls an operation. A token that is not accepted is renewed once: it may have been ended, or its key.
   * @param shape what the answer must be
   */
  async call<T>(
    method: NonNullable<Sent['method']>,
    path: string,
    shape: z.ZodType<T>,
    asked: Asked = {},
  ): Promise<Outcome<T, Problem>> {
    const url = `${this.access.base}${path}`;
    let declined: string | undefined;
    for (;;) {
      const token = await this.access.token(declined);
      if (!token.ok) return token;
      const answer = await this.sent(url, written(method, token.value, asked));
      if (!answer.ok) return answer;
      const { status, json } = answer.value;
      if (status === 401 && declined === undefined) {
        declined = token.value;
        continue;
      }
      if (status < 200 || status > 299) return fail(problemOf(url, answer.value));
      const read = shape.safeParse(json);
      return read.success ? ok(read.data) : strange(url, answer.value);
    }
  }

  /** Reading is tried again where the server asks for a moment, RFC 9110 10.2.3; a change is not: it may have been made. */
  private async sent(url: string, what: Sent): Promise<Outcome<Answer, Problem>> {
    for (let tries = 1; ; tries += 1) {
      const answer = await send(this.machine, url, what);
      if (!answer.ok || answer.value.status !== 503 || what.method !== 'GET' || tries === mostTries) return answer;
      const seconds = Number(answer.value.headers.get('retry-after') ?? Number.NaN);
      if (!(seconds >= 0 && seconds <= longestWaitS)) return answer;
      await this.machine.sleep(seconds * 1000);
    }
  }

  /** Reads a list to its end. */
  async all<T>(path: string, shape: z.ZodType<T>): Promise<Outcome<T[], Problem>> {
    const page = z.object({ items: z.array(shape), next: z.string().optional() });
    return this.pages(path, page, (read) => read);
  }

  /** Reads a list that may be a part of the answer, page by page. */
  async pages<P, T>(
    path: string,
    shape: z.ZodType<P>,
    listIn: (page: P) => { readonly items: readonly T[]; readonly next?: string },
  ): Promise<Outcome<T[], Problem>> {
    const found: T[] = [];
    const seen = new Set<string>();
    for (let cursor: string | undefined; ;) {
      const query = `limit=200${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const read = await this.call('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`, shape);
      if (!read.ok) return read;
      const { items, next } = listIn(read.value);
      found.push(...items);
      if (next === undefined) return ok(found);
      if (seen.has(next)) return refused(`the list at ${path} comes to no end`);
      seen.add((cursor = next));
    }
  }
}

const written = (
  method: NonNullable<Sent['method']>,
  token: string,
  { body, headers = {}, patience_ms }: Asked,
): Sent => ({
  method,
  headers: {
    ...headers,
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  },
  ...(body !== undefined && { body: JSON.stringify(body) }),
  ...(patience_ms !== undefined && { patience_ms }),
});
