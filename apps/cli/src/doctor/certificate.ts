import { isIP } from 'node:net';
import { connect } from 'node:tls';

/** What matters of a server's certificate. */
export interface Certificate {
  /** Until when it is good, milliseconds since 1970. */
  readonly ends_ms: number;
  /** Why it does not count here, as OpenSSL names it; left out when it does. */
  readonly fault?: string;
}

const patienceMs = 10_000;

/** Reads the certificate without sending anything; one that does not count is read all the same. */
export const readCertificate = (host: string, port: number): Promise<Certificate> =>
  new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, ...servername, rejectUnauthorized: false, timeout: patienceMs });
    socket.once('secureConnect', () => {
      const { valid_to } = socket.getPeerCertificate();
      const fault = socket.authorized ? undefined : String(socket.authorizationError);
      socket.destroy();
      resolve({ ends_ms: Date.parse(valid_to), ...(fault !== undefined && { fault }) });
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer within 10 seconds')));
    socket.once('error', reject);
  });
