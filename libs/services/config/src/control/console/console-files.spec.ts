import type { HttpAnswer } from '@corsac/http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ConsoleFiles } from './console-files.js';

describe('files of the console', () => {
  let folder: string;
  let files: ConsoleFiles;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'corsac-console-'));
    mkdirSync(join(folder, 'assets/deeper.js'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Console</title>');
    writeFileSync(join(folder, 'assets/index-abc.js'), 'export {}');
    writeFileSync(join(folder, 'assets/index-abc.js.map'), '{}');
    files = new ConsoleFiles(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const text = ({ body }: HttpAnswer): string => (body as Buffer | string).toString();

  it('begin with a page that is never kept and whose policy knows no inline script or style', () => {
    const { status, headers, body } = files.index();
    expect([status, body]).toEqual([200, '<!doctype html><title>Console</title>']);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' });
    const policy = headers['content-security-policy'];
    for (const part of [
      "default-src 'none'",
      "script-src 'self';",
      "style-src 'self';",
      "connect-src 'self';",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(part);
    expect(policy).not.toContain('unsafe');
  });

  it('are kept for ever, and sent once', () => {
    const { status, headers } = files.asset('index-abc.js', {});
    expect([status, text(files.asset('index-abc.js', {}))]).toEqual([200, 'export {}']);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const again = files.asset('index-abc.js', { 'if-none-match': String(headers['etag']) });
    expect([again.status, again.body]).toEqual([304, undefined]);
  });

  it.each([
    ['gzip, deflate, br', true],
    ['br;q=1.0, gzip', true],
    ['br', false],
    ['gzip;q=0', false],
    ['x-gzipped', false],
  ])('are packed for who accepts %s: %s', (accepted, packed) => {
    const answer = files.asset('index-abc.js', { 'accept-encoding': accepted });
    expect(answer.headers['content-encoding']).toBe(packed ? 'gzip' : undefined);
    expect(answer.headers['vary']).toBe('accept-encoding');
    if (packed) expect(gunzipSync(answer.body as Buffer).toString()).toBe('export {}');
  });

  it.each([
    'index-abc.js.map',
    'nothing.js',
    '../index.html',
    '..%2findex.html',
    'deeper.js',
    '',
    '__proto__',
    'index.html',
  ])('are nothing else: %j is not found', (name) => {
    expect(files.asset(name, {}).status).toBe(404);
  });

  it.each([undefined, '/nowhere/at/all', tmpdir()])('that were not built say so: %s', (where) => {
    const none = new ConsoleFiles(where);
    const page = none.index();
    expect([page.status, text(page).includes('not built')]).toEqual([503, true]);
    expect(none.asset('index-abc.js', {}).status).toBe(404);
  });
});
