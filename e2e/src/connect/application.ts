import { createServer, type Server } from 'node:http';
import { freePort } from '@corsac/testing/backing';
import type { Browser, Page } from '../browser/browser.js';

/** An application's own server, as far as logouts arrive there: every request to it is kept. */
export class Application {
  readonly heard: URL[] = [];
  private readonly server: Server;

  private constructor(readonly base: string) {
    this.server = createServer((request, response) => {
      this.heard.push(new URL(request.url ?? '/', base));
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Application</title><p>Here.');
    });
  }

  static async start(): Promise<Application> {
    const port = await freePort();
    const application = new Application(`http://localhost:${port}`);
    await new Promise<void>((resolve) => application.server.listen(port, 'localhost', resolve));
    return application;
  }

  get callback(): string {
    return `${this.base}/callback`;
  }

  /** `sid` of the front-channel logouts that have arrived. */
  get loggedOut(): (string | null)[] {
    return this.heard
      .filter(({ pathname }) => pathname === '/frontchannel-logout')
      .map(({ searchParams }) => searchParams.get('sid'));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const framesOf = (page: Page): string[] =>
  [...page.html.matchAll(/<iframe [^>]*src="([^"]*)"/g)].map(([, src = '']) => src.replaceAll('&amp;', '&'));

/**
 * Loads the frames of a page and the frames in them. Frames of another installation or application are opened by a browser
 * without cookies, as browsers do that block those of third parties.
 * @param stranger a browser that has no cookies and may enter whatever stands in the frames
 */
export const loadFrames = async (page: Page, stranger: Browser): Promise<string[]> => {
  const frames = framesOf(page);
  for (const frame of [...frames]) frames.push(...(await loadFrames(await stranger.open(frame), stranger)));
  return frames;
};

/** A page's text with other words in the place of those that it uses for an example. */
export const filledIn = (text: string, words: Readonly<Record<string, string>>): string =>
  Object.entries(words).reduce((all, [from, to]) => all.replaceAll(from, to), text);
