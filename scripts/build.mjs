/**
 * Turns every package's src/ into dist/ (swc, no type check) and copies what is not TypeScript beside it.
 * Only what is newer than its output is done. `node scripts/build.mjs [folder ...]` limits it to some packages.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { filesBelow, packageFolders, readJson, root } from './workspace.mjs';

const mtime = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isSource = (name) => !/\.spec\.ts$|\.golden\.json$|^__|\.d\.ts$/.test(name);
const browserStamp = 'dist/browser/.built';
const outputOf = (file) => (file.endsWith('.ts') ? file.replace(/\.ts$/, '.js') : file);

const planOf = (folder) => {
  const src = join(root, folder, 'src');
  const dist = join(root, folder, 'dist');
  const files = filesBelow(src, isSource).map((from) => ({ from, to: join(dist, outputOf(relative(src, from))) }));
  return { folder, dist, files };
};

const removeLeftovers = ({ dist, files }) => {
  const expected = new Set(files.flatMap(({ to }) => [to, `${to}.map`]));
  for (const file of filesBelow(dist, (name) => name !== 'browser')) if (!expected.has(file)) rmSync(file);
};

const compile = async (swc, config, { from, to }) => {
  mkdirSync(dirname(to), { recursive: true });
  if (!from.endsWith('.ts')) return copyFileSync(from, to);
  const out = await swc.transformFile(from, { ...config, sourceFileName: relative(dirname(to), from) });
  writeFileSync(`${to}.map`, out.map);
  writeFileSync(to, `${out.code}\n//# sourceMappingURL=${to.slice(to.lastIndexOf('/') + 1)}.map\n`);
};

/** A package with a page for the browser says how to bundle it in its script `build:browser`; its source is the folder browser/. */
const needsBundle = (folder) => {
  if (!readJson(`${folder}/package.json`).scripts?.['build:browser']) return false;
  const built = mtime(join(root, folder, browserStamp));
  return filesBelow(join(root, folder, 'browser'), (name) => name !== 'dist').some((file) => mtime(file) > built);
};

const bundleWeb = (folder) => {
  const run = spawnSync('npm', ['run', '--silent', 'build:browser'], {
    cwd: join(root, folder),
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (run.status !== 0)
    throw new Error(`the browser part of ${folder} does not build: npm run build:browser -w ${folder}`);
  mkdirSync(join(root, folder, dirname(browserStamp)), { recursive: true });
  writeFileSync(join(root, folder, browserStamp), '');
};

const staleFilesOf = (plans) => {
  const configTime = mtime(join(root, '.swcrc'));
  return plans.flatMap(({ files }) => files).filter(({ from, to }) => Math.max(mtime(from), configTime) > mtime(to));
};

/**
 * @param folders packages to build, relative to the repository; all when empty
 * @returns how many files were compiled, copied or bundled
 */
export async function build(folders = []) {
  const plans = (folders.length > 0 ? folders : packageFolders()).map(planOf);
  const stale = staleFilesOf(plans);
  for (const plan of plans) removeLeftovers(plan);
  if (stale.length > 0) {
    const swc = createRequire(import.meta.url)('@swc/core');
    const config = { ...readJson('.swcrc'), $schema: undefined, swcrc: false, configFile: false };
    await Promise.all(stale.map((file) => compile(swc, config, file)));
  }
  const bundles = plans.map(({ folder }) => folder).filter(needsBundle);
  bundles.forEach(bundleWeb);
  return stale.length + bundles.length;
}

/** @returns whether a build would do anything; costs one look at every file's time */
export function isBuilt() {
  const plans = packageFolders().map(planOf);
  return staleFilesOf(plans).length === 0 && !plans.some(({ folder }) => needsBundle(folder));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  requireNode();
  install();
  const began = Date.now();
  try {
    const count = await build(process.argv.slice(2));
    console.log(`built ${count} files in ${Date.now() - began} ms`);
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
