import { Connection, type Reply } from './connection.js';
import type { PortOf } from './ingress.js';

export type { Reply } from './connection.js';

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

/** Connections that wait for their next request, by port. */
const idle = new Map<number, Connection[]>();

/** Addresses whose requests go to more than one port. */
const ingresses = new Map<string, PortOf>();

/** From now on, what is asked of `origin` goes where `portOf` says. */
export const sendBy = (origin: string, portOf: PortOf): void => void ingresses.set(origin, portOf);

let made = 0;

/** How many requests were made so far, by whichever work. */
export const requestsMade = (): number => made;

const portOf = (origin: string, path: string): number =>
  ingresses.get(origin)?.(path) ?? Number(/:(\d+)$/.exec(origin)?.[1] ?? 80);

const connectionTo = (port: number): Connection => {
  const kept = idle.get(port) ?? [];
  idle.set(port, kept);
  for (let found = kept.pop(); found; found = kept.pop()) if (found.isOpen) return found;
  return new Connection(port);
};

const textOf = ({ method, headers, form }: Call, host: string, target: string): string => {
  const body = form ? new URLSearchParams(form).toString() : '';
  let head = `${method ?? (form ? 'POST' : 'GET')} ${target} HTTP/1.1\r\nHost: ${host}\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  if (form) head += `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n`;
  return `${head}\r\n${body}`;
};

/** One request over loopback. */
export const call = async (asked: Call): Promise<Reply> => {
  made += 1;
  const slash = asked.url.indexOf('/', 'http://'.length);
  const origin = slash < 0 ? asked.url : asked.url.slice(0, slash);
  const target = slash < 0 ? '/' : asked.url.slice(slash);
  const [path = '/'] = target.split('?', 1);
  const port = portOf(origin, path);
  const connection = connectionTo(port);
  const reply = await connection.ask(textOf(asked, origin.slice('http://'.length), target));
  if (connection.isOpen) idle.get(port)?.push(connection);
  return reply;
};

/** A reply that is not what was asked for is an error of the measurement, not a fast answer. */
export const expectStatus = (reply: Reply, status: number): Reply => {
  if (reply.status !== status)
    throw new Error(`status ${reply.status} instead of ${status}: ${reply.text.slice(0, 300)}`);
  return reply;
};

export const jsonOf = (reply: Reply): Record<string, unknown> => JSON.parse(reply.text) as Record<string, unknown>;

/** A token in an answer of a token endpoint. */
export const tokenOf = (reply: Reply, name = 'access_token'): string => {
  const value = jsonOf(expectStatus(reply, 200))[name];
  if (typeof value !== 'string') throw new Error(`there is no ${name} in ${reply.text.slice(0, 200)}`);
  return value;
};

/** The access token of an answer, which has to be a JWT. */
export const jwtOf = (reply: Reply): string => {
  const token = tokenOf(reply);
  if (token.split('.').length !== 3) throw new Error('the access token is not a JWT');
  return token;
};

/** Access token as JWT, ID token and refresh token: two signatures and one lasting record; the refresh token is answered. */
export const wholeAnswer = (reply: Reply): string => {
  jwtOf(reply);
  tokenOf(reply, 'id_token');
  return tokenOf(reply, 'refresh_token');
};
