import { ApiProblem, problemIn } from './problem.js';
import type { SignedIn } from '../sign-in/sign-in.js';

/** Something that was read, with the tag under which it may be changed. */
export interface Tagged<T> {
  readonly body: T;
  readonly etag?: string;
}

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Sending {
  readonly body?: unknown;
  /** The tag of what was seen: refused with 412 when it has changed since. */
  readonly etag?: string;
  /** Refused with 412 when there is such a thing. */
  readonly onlyNew?: boolean;
}

/** A query of the values that are there. */
export const queryOf = (values: Readonly<Record<string, string | number | undefined>>): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== '') query.set(name, `${value}`);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
};

/** Segments of an address, each for itself. */
export const pathOf = (...segments: readonly string[]): string => segments.map(encodeURIComponent).join('/');

const bodyOf = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
};

/** The Control API as one administrator calls it. */
export class ControlApi {
  constructor(
    private readonly signedIn: SignedIn,
    /** Called when the sign-in is over and cannot be renewed. */
    private readonly onEnd: () => void,
  ) {}

  /** @param path below `/api/{tenant}/` */
  async get<T>(path: string): Promise<Tagged<T>> {
    return this.call<T>('GET', path, {});
  }

  /** @throws {ApiProblem} when it is refused */
  async call<T>(method: Method, path: string, sending: Sending): Promise<Tagged<T>> {
    let response = await this.send(method, path, sending, false);
    if (response.status === 401) response = await this.send(method, path, sending, true);
    const body = await bodyOf(response);
    if (!response.ok) {
      if (response.status === 401) this.onEnd();
      throw problemIn(response.status, body);
    }
    return { body: body as T, etag: response.headers.get('etag') ?? undefined };
  }

  private async send(
    method: Method,
    path: string,
    { body, etag, onlyNew }: Sending,
    renew: boolean,
  ): Promise<Response> {
    const token = await this.signedIn.accessToken(renew).catch((error: unknown) => {
      // Of a network that is away nobody knows whether the sign-in has ended.
      if (error instanceof TypeError) throw error;
      this.onEnd();
      throw new ApiProblem(401, 'The sign-in has ended.');
    });
    // The tenant itself has no slash at its end.
    const below = path === '' || path.startsWith('?') ? path : `/${path}`;
    return fetch(`/api/${encodeURIComponent(this.signedIn.tenant)}${below}`, {
      method,
      cache: 'no-store',
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(etag !== undefined && { 'if-match': etag }),
        ...(onlyNew && { 'if-none-match': '*' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}
