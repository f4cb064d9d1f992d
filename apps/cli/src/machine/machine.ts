import type { Certificate } from '../doctor/certificate.js';

/** What a command has of the world around it, so that tests can have another. Files are read and written directly. */
export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home folder of whoever runs the command. */
  readonly home: string;
  /** Somebody sits there who can be asked. */
  readonly interactive: boolean;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks on the terminal and waits for a line. */
  readonly ask: (question: string) => Promise<string>;
  /** All of standard input; on a terminal one line, which is not shown. */
  readonly readSecret: () => Promise<string>;
  /** The certificate that a server presents, whether it counts or not. @throws when there is no connection */
  readonly certificate: (host: string, port: number) => Promise<Certificate>;
}
