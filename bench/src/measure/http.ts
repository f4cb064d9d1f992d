import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

/** Connections are kept, as an application server keeps them. */
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One request over loopback. */
export const call = ({ method, url, headers, form }: Call): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const body = form && new URLSearchParams(form).toString();
    const all = {
      ...headers,
      ...(body !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': String(Buffer.byteLength(body)),
      }),
    };
    const sent = request(
      url,
      { method: method ?? (body === undefined ? 'GET' : 'POST'), headers: all, agent },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

/** A reply that is not what was asked for is an error of the measurement, not a fast answer. */
export const expectStatus = (reply: Reply, status: number): Reply => {
  if (reply.status !== status)
    throw new Error(`status ${reply.status} instead of ${status}: ${reply.text.slice(0, 300)}`);
  return reply;
};

export const jsonOf = (reply: Reply): Record<string, unknown> => JSON.parse(reply.text) as Record<string, unknown>;
