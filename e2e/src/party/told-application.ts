import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Channel = 'front' | 'back';

const payloadOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** An application that is told of logouts over some channels: it can be away (refuses connections) and hang (never answers). */
export class ToldApplication {
  /** Logout tokens that came, answered or not; and those that it took. */
  readonly came: Record<string, unknown>[] = [];
  readonly taken: Record<string, unknown>[] = [];
  hangs = false;
  /** Where it is, once it is prepared. */
  address = '';
  private server: Server | undefined;

  constructor(
    readonly name: string,
    private readonly channels: readonly Channel[],
  ) {}

  get redirect_uri(): string {
    return `${this.address}/callback`;
  }

  /** Opens it at a free port; @returns an entry of `down_parties`: public, with code and PKCE */
  async prepare(): Promise<object> {
    await this.listen(0);
    const { name, address, channels } = this;
    return {
      name,
      type: 'oidc',
      allow_up_parties: ['login'],
      token_endpoint_auth_method: 'none',
      redirect_uris: [this.redirect_uri],
      post_logout_redirect_uris: [`${address}/`],
      ...(channels.includes('front') && { frontchannel_logout_uri: `${address}/front` }),
      ...(channels.includes('back') && { backchannel_logout_uri: `${address}/back` }),
    };
  }

  /** Sessions of which it took a logout token. */
  get toldOf(): unknown[] {
    return this.taken.map(({ sid }) => sid);
  }

  /** Is there again, where it was. */
  open(): Promise<void> {
    return this.listen(Number(new URL(this.address).port));
  }

  private async listen(port: number): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    this.server = server;
    this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    server?.closeAllConnections();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const told = new URLSearchParams(await bodyOf(request)).get('logout_token');
    if (told !== null) this.came.push(payloadOf(told));
    if (this.hangs) return;
    if (told !== null) this.taken.push(payloadOf(told));
    response.writeHead(200).end();
  }
}
