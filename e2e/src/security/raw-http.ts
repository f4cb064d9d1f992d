import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const headersOf = (head: string): Map<string, string> =>
  new Map(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );

const read = (bytes: Buffer): RawAnswer => {
  const text = bytes.toString('latin1');
  // What is said before the answer, RFC 9110 15.2.
  if (/^HTTP\/1\.1 1\d\d/.test(text)) return read(bytes.subarray(text.indexOf('\r\n\r\n') + 4));
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  return { status, head, headers: headersOf(head), body: bytes.subarray(end + 4).toString('utf8') };
};

const longest_ms = 8000;

/**
 * Sends bytes as they are on a connection of their own and reads until the server hangs up.
 * @returns status 0 when it hung up without a word @throws when it does not answer in eight seconds
 */
export const sendRaw = (port: number, bytes: Buffer): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const done = (): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(read(Buffer.concat(chunks)));
    };
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error(`no end of an answer to ${bytes.subarray(0, 200).toString('latin1')}`));
    }, longest_ms);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    // What is refused before it was read whole ends in a reset; what was said before it counts.
    socket.once('error', done);
    socket.once('close', done);
    socket.write(bytes);
  });

export interface RawRequest {
  readonly method?: string;
  /** The request target as it is sent, in Latin-1. */
  readonly target: string;
  readonly version?: string;
  /** Lines, without the host, the connection and the length, which are added. */
  readonly headers?: readonly string[];
  readonly body?: Buffer | string;
  readonly host?: string;
}

/** The bytes of a request that asks to hang up after it. */
export const bytesOf = ({
  method = 'GET',
  target,
  version = 'HTTP/1.1',
  headers = [],
  body,
  host,
}: RawRequest): Buffer => {
  const content = Buffer.from(body ?? '');
  const lines = [
    `${method} ${target} ${version}`,
    `Host: ${host ?? 'localhost'}`,
    'Connection: close',
    ...(body === undefined ? [] : [`Content-Length: ${content.length}`]),
    ...headers,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content]);
};
