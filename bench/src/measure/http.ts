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

let made = 0;

/** How many requests were made so far, by whichever work. */
export const requestsMade = (): number => made;

/** One request over loopback. */
export const call = ({ method, url, headers, form }: Call): Promise<Reply> =>
  new Promise((resolve, reject) => {
    made += 1;
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
