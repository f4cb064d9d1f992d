import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { routeOf, type RoutedService } from '@corsac/model';
import { forward } from './forward.js';
import type { Target } from './target.js';

export interface RouterOptions {
  readonly host: string;
  readonly port: number;
  /** Replicas that are ready just now. */
  readonly targetsOf: (service: RoutedService) => readonly Target[];
}

/**
 * The ingress where there is none: sends every request to a ready replica of the service that owns its address, by the
 * list of routes that the real ingress is made of, in turns. Nothing that a client claims of proxies is believed.
 */
export class Router {
  private readonly server: Server;
  private turn = 0;

  constructor(private readonly options: RouterOptions) {
    this.server = createServer({ keepAliveTimeout: 65_000, maxHeaderSize: 32 * 1024 }, (request, response) =>
      this.take(request, response),
    );
    this.server.on('clientError', (_error, socket) => {
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      else socket.destroy();
    });
  }

  /** @throws the system's error, such as EADDRINUSE */
  async listen(): Promise<AddressInfo> {
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port }, resolve);
    });
    return this.server.address() as AddressInfo;
  }

  /** Takes no new connection and lets running requests end. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const timer = setTimeout(() => this.server.closeAllConnections(), 10_000);
    await closed;
    clearTimeout(timer);
  }

  private take(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    const query = url.indexOf('?');
    const route = routeOf(query < 0 ? url : url.slice(0, query));
    if (!route || route.embeddedOnly) return void response.writeHead(404, { 'cache-control': 'no-store' }).end();
    forward({ request, response, next: () => this.nextOf(route.service) });
  }

  private nextOf(service: RoutedService): Target | undefined {
    const targets = this.options.targetsOf(service);
    return targets[(this.turn += 1) % Math.max(targets.length, 1)];
  }
}
