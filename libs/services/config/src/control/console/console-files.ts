import { etagOf, matchesEtag, sendBody, sendHtml, sendNothing, sendText, type HttpAnswer } from '@corsac/http';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a build consists of; anything else in its folder is not handed out. */
const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const notBuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>Corsac Control</title></head>
<body><h1>The console is not built</h1>
<p>Build it with <code>npm run build</code> and start Corsac again. The Control API is at <a href="/api">/api</a>.</p>
</body></html>`;

interface ConsoleFile {
  readonly content: Buffer;
  readonly type: string;
  readonly etag: string;
  /** Made when it is first asked for: most processes never show the console. */
  packed?: Buffer;
}

/** RFC 9110 12.5.3, as far as browsers use it. */
const takesGzip = ({ 'accept-encoding': accepted = '' }: IncomingHttpHeaders): boolean =>
  /(^|,)\s*gzip\s*(,|$)/i.test(String(accepted));

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const readFiles = (folder: string): Map<string, ConsoleFile> => {
  const files = new Map<string, ConsoleFile>();
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return files;
  for (const name of readdirSync(folder)) {
    const type = types[extname(name)];
    const path = join(folder, name);
    if (type === undefined || !isFile(path)) continue;
    const content = readFileSync(path);
    files.set(name, { content, type, etag: etagOf(content) });
  }
  return files;
};

/**
 * The console as it was built: a page and files whose names have their content's hash in them. All of it is read once, at the
 * start, so that no address ever becomes a path on the disk.
 */
export class ConsoleFiles {
  private readonly page: string | undefined;
  private readonly files: ReadonlyMap<string, ConsoleFile>;

  /** @param folder where the build is; left out, or without `index.html`: it is not built */
  constructor(folder: string | undefined) {
    const index = folder === undefined ? undefined : join(folder, 'index.html');
    this.page = index !== undefined && isFile(index) ? readFileSync(index, 'utf8') : undefined;
    this.files = folder === undefined || this.page === undefined ? new Map() : readFiles(join(folder, 'assets'));
  }

  /** The page, for every address of the console: which of its pages is shown is decided in the browser. */
  index(): HttpAnswer {
    if (this.page === undefined) return sendHtml(notBuilt, { status: 503, policy: { form_targets: [] } });
    return sendHtml(this.page, { policy: { scripts: true, connects: [], form_targets: [] } });
  }

  /** A file by its name; what is not there is no page, or a browser would take the page for a script. */
  asset(name: string, headers: IncomingHttpHeaders): HttpAnswer {
    const file = this.files.get(name);
    if (!file) return sendText('There is nothing at this address.\n', { status: 404 });
    const cache = 'public, max-age=31536000, immutable';
    const tag = { etag: file.etag, vary: 'accept-encoding' };
    if (matchesEtag(headers, file.etag)) return sendNothing({ status: 304, headers: tag, cache });
    const packed = takesGzip(headers) ? (file.packed ??= gzipSync(file.content)) : undefined;
    const content = packed ?? file.content;
    const told = { ...tag, 'content-length': String(content.length), ...(packed && { 'content-encoding': 'gzip' }) };
    return sendBody(content, file.type, { headers: told, cache });
  }
}
