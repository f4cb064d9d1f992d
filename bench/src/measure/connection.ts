import { connect, type Socket } from 'node:net';

export interface Reply {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The lines of `set-cookie`. */
  readonly cookies: readonly string[];
  readonly text: string;
}

const endOfHead = Buffer.from('\r\n\r\n');

interface Head {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly cookies: string[];
}

const readHead = (text: string): Head => {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  const [first = '', ...lines] = text.split('\r\n');
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'set-cookie') cookies.push(value);
    else headers[name] = value;
  }
  return { status: Number(first.slice(9, 12)), headers, cookies };
};

/** The body of a chunked answer, or undefined when its end has not come yet (RFC 9112 7.1). */
const readChunked = (bytes: Buffer): Buffer | undefined => {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16);
    const next = end + 2 + size + 2;
    if (bytes.length < next) return undefined;
    if (size === 0) return Buffer.concat(parts);
    parts.push(bytes.subarray(end + 2, end + 2 + size));
    at = next;
  }
};

/** The body, or undefined when it is not whole yet. */
const readBody = ({ status, headers }: Head, bytes: Buffer): Buffer | undefined => {
  if (status === 204 || status === 304) return Buffer.alloc(0);
  if (headers['transfer-encoding'] === 'chunked') return readChunked(bytes);
  const length = Number(headers['content-length'] ?? 0);
  return bytes.length >= length ? bytes.subarray(0, length) : undefined;
};

/**
 * A connection that is kept, with one request at a time. The least that speaks HTTP/1.1: a generator that is slower than what it
 * measures lets the servers fall asleep between requests, and then the waking up is measured.
 */
export class Connection {
  private readonly socket: Socket;
  private bytes: Buffer = Buffer.alloc(0);
  private head: Head | undefined;
  private waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void } | undefined;
  isOpen = true;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  /** Sends a request as text and answers what came back. */
  ask(request: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  private take(chunk: Buffer): void {
    this.bytes = this.bytes.length === 0 ? chunk : Buffer.concat([this.bytes, chunk]);
    if (!this.head) {
      const end = this.bytes.indexOf(endOfHead);
      if (end < 0) return;
      this.head = readHead(this.bytes.toString('latin1', 0, end));
      this.bytes = this.bytes.subarray(end + endOfHead.length);
    }
    const body = readBody(this.head, this.bytes);
    if (body) this.answer(this.head, body.toString('utf8'));
  }

  private answer({ status, headers, cookies }: Head, text: string): void {
    const { waiting } = this;
    this.head = undefined;
    this.bytes = Buffer.alloc(0);
    this.waiting = undefined;
    if (headers['connection'] === 'close') this.isOpen = false;
    waiting?.resolve({ status, headers, cookies, text });
  }

  private fail(error: Error): void {
    this.isOpen = false;
    this.waiting?.reject(error);
    this.waiting = undefined;
    this.socket.destroy();
  }
}
