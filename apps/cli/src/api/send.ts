import { ok, type Outcome } from '@corsac/outcome';
import type { Machine } from '../machine/machine.js';
import { refused, type Problem } from '../machine/problem.js';

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  /** Milliseconds that the answer may take. */
  readonly patience_ms?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** What the JSON of the body says; undefined when it is none. */
  readonly json: unknown;
}

const patienceMs = 30_000;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const causes: Readonly<Record<string, readonly [what: string, mend: string]>> = {
  ENOTFOUND: ['its name is not known', 'Check the spelling of the address, and the DNS.'],
  EAI_AGAIN: ['its name cannot be looked up', 'Check the connection to the DNS.'],
  ECONNREFUSED: ['nothing listens there', 'Check the port, and that Corsac runs.'],
  ECONNRESET: ['the connection was cut', 'Check what stands between, such as a proxy or http where https is spoken.'],
  ETIMEDOUT: ['there is no answer', 'Check the firewall.'],
  UND_ERR_CONNECT_TIMEOUT: ['there is no answer', 'Check the firewall.'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Renew the certificate.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is signed by itself', 'Name its CA in NODE_EXTRA_CA_CERTS.'],
  SELF_SIGNED_CERT_IN_CHAIN: ['its CA is not trusted here', 'Name the CA in NODE_EXTRA_CA_CERTS.'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'its CA is not trusted here',
    'Let the server send its whole chain, or name the CA in NODE_EXTRA_CA_CERTS.',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'its CA is not trusted here',
    'Let the server send its whole chain, or name the CA in NODE_EXTRA_CA_CERTS.',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name', 'Get a certificate for this name.'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['it does not speak TLS', 'Write http instead of https, or put TLS in front of it.'],
};

/** The code at the bottom of what fetch throws. */
const codeOf = (error: unknown): string => {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && !code.startsWith('ABORT')) return code;
    if (at instanceof AggregateError && at.errors[0] !== undefined) at = at.errors[0];
    else at = at.cause;
  }
  return error instanceof Error && error.name === 'TimeoutError' ? 'ETIMEDOUT' : '';
};

/** Why a server was not reached, in words and with what to do. */
export const unreached = (url: string, error: unknown): Problem => {
  const code = codeOf(error);
  const [what, mend] = causes[code] ?? [
    code === '' ? 'the connection fails' : `the connection fails with ${code}`,
    undefined,
  ];
  return { message: `${new URL(url).origin} is not reached: ${what}`, ...(mend !== undefined && { mend }) };
};

/** Sends a request and reads the answer as JSON. No redirect is followed: a token goes nowhere but where it was sent. */
export const send = async (
  { fetch }: Pick<Machine, 'fetch'>,
  url: string,
  { method = 'GET', headers = {}, body, patience_ms = patienceMs }: Sent = {},
): Promise<Outcome<Answer, Problem>> => {
  try {
    const answer = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...headers },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal: AbortSignal.timeout(patience_ms),
    });
    return ok({ status: answer.status, headers: answer.headers, json: parsed(await answer.text()) });
  } catch (error) {
    return { ok: false, error: unreached(url, error) };
  }
};

/** What an answer is that nobody expected there. */
export const strange = (url: string, { status, headers }: Answer) => {
  const location = headers.get('location');
  const to = location === null ? '' : ` and leads to ${location.split('?')[0] ?? ''}`;
  return refused(`${url} answers ${status}${to}, and not what Corsac says there`, {
    mend: 'Check the address; `corsac doctor` looks closer.',
  });
};
