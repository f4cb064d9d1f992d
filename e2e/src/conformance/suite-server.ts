import { createServer, type Server } from 'node:http';

/** A request that the provider or a browser made to the suite. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: URLSearchParams;
}

/** The suite's own address: everything that comes is kept, and answered with an empty page that may stand in a frame. */
export class SuiteServer {
  readonly received: Received[] = [];
  private server: Server | undefined;

  constructor(private readonly address: string) {}

  async open(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { pathname, searchParams } = new URL(request.url ?? '/', this.address);
        this.received.push({
          method: request.method ?? '',
          path: pathname.slice(pathname.lastIndexOf('/') + 1),
          query: searchParams,
          headers: request.headers,
          body: new URLSearchParams(Buffer.concat(chunks).toString()),
        });
        response.writeHead(200, { 'cache-control': 'no-store', 'content-type': 'text/html' }).end('<h1>suite</h1>');
      });
    });
    await new Promise<void>((resolve, reject) => {
      this.server?.once('error', reject);
      this.server?.listen(Number(new URL(this.address).port), 'localhost', resolve);
    });
  }

  /** The first request that is the one looked for, as soon as it is there. */
  async until(what: string, isIt: (received: Received) => boolean): Promise<Received> {
    for (let tries = 0; tries < 200; tries += 1) {
      const found = this.received.find(isIt);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${what} did not come within 10 seconds`);
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }
}
