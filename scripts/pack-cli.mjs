/**
 * `npm run pack:cli [-- folder]`: the command line as one npm package that needs nothing else, for machines without a checkout:
 * `npx ./corsac-0.1.0.tgz --help`. Everything it imports is in its one file.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { readJson, root } from './workspace.mjs';

/** Licences of what others wrote and is in the file now: each wants its text to go along. */
const noticesFor = (modules) => {
  const packages = new Set(modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id) ?? []));
  return [...packages].sort().map((package_) => {
    const { name, version, license } = JSON.parse(readFileSync(join(package_, 'package.json'), 'utf8'));
    const file = readdirSync(package_).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} comes without the text of its licence`);
    return `${name} ${version}, ${license}\n\n${readFileSync(join(package_, file), 'utf8')}`;
  });
};

requireNode();
install();
const { build } = await import('vite');
const to = resolve(process.env.INIT_CWD ?? '.', process.argv[2] ?? '.');
const folder = mkdtempSync(join(tmpdir(), 'corsac-pack-'));
try {
  const { output } = await build({
    configFile: false,
    root: join(root, 'apps/cli'),
    logLevel: 'warn',
    build: {
      ssr: 'src/main.ts',
      outDir: join(folder, 'dist'),
      emptyOutDir: true,
      target: 'node20',
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'main.js', codeSplitting: false } },
    },
    ssr: { noExternal: true, resolve: { conditions: ['@corsac/source', 'node', 'import', 'default'] } },
  });
  const notices = noticesFor(output.flatMap(({ moduleIds = [] }) => moduleIds));
  writeFileSync(join(folder, 'THIRD-PARTY.txt'), notices.join(`\n\n${'-'.repeat(80)}\n\n`));
  const { version, description, license, engines, bin } = readJson('apps/cli/package.json');
  cpSync(join(root, 'apps/cli/bin'), join(folder, 'bin'), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const manifest = { name: 'corsac', version, description, license, engines, bin };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const npm = spawnSync('npm', ['pack', '--silent', '--pack-destination', to], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  process.exitCode = npm.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
