/**
 * `npm run check:packages`: every package names in its own package.json what its sources import, no more and no less,
 * with the version that the root has. Specs may use what the root offers for development. `-- --fix` writes it so.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { filesBelow, packageFolders, readJson, root } from './workspace.mjs';

const importing =
  /^(?:import|export)\b[^;'"]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
const packageOf = (name) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
const isOurs = (name) => name.startsWith('@corsac/');

const importsOf = (folder) => {
  const sources = ['src', 'browser']
    .flatMap((part) => filesBelow(join(root, folder, part), (name) => !/\.(spec|d)\.ts$/.test(name)))
    .filter((file) => /\.(tsx?|mjs)$/.test(file));
  const names = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(importing)].map((m) => m[1] ?? m[2] ?? m[3]),
  );
  return new Set(names.filter((name) => !/^(\.|node:)/.test(name) && !builtinModules.includes(name)).map(packageOf));
};

const { dependencies, devDependencies, optionalDependencies } = readJson('package.json');
const offered = { ...devDependencies, ...optionalDependencies, ...dependencies };

const versionOf = (name) => (isOurs(name) ? '*' : offered[name]);

const complaintsAbout = (folder) => {
  const { name: self, dependencies: own = {}, devDependencies: dev = {} } = readJson(`${folder}/package.json`);
  const declared = { ...dev, ...own };
  const imported = importsOf(folder);
  const complaints = [
    ...[...imported]
      .filter((name) => !(name in declared) && name !== self)
      .map((name) => `imports ${name} without naming it`),
    ...Object.keys(own)
      .filter((name) => !imported.has(name))
      .map((name) => `names ${name} without importing it`),
    ...Object.entries(declared)
      .filter(([name, range]) => range !== versionOf(name))
      .map(([name, range]) => `wants ${name} ${range}, the root has ${versionOf(name) ?? 'none'}`),
  ];
  return complaints.map((complaint) => `${folder} ${complaint}`);
};

/** What the root does not have stays as it is and is complained about. */
const mend = (folder) => {
  const manifest = readJson(`${folder}/package.json`);
  const names = [...importsOf(folder)].filter((name) => name !== manifest.name).sort();
  const dependencies = names.map((name) => [name, versionOf(name) ?? manifest.dependencies?.[name]]);
  manifest.dependencies = Object.fromEntries(dependencies.filter(([, version]) => version !== undefined));
  if (names.length === 0) delete manifest.dependencies;
  writeFileSync(join(root, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
};

if (process.argv.includes('--fix')) packageFolders().forEach(mend);
const complaints = packageFolders().flatMap(complaintsAbout);
complaints.forEach((complaint) => console.error(complaint));
console.log(`${packageFolders().length} packages, ${complaints.length} complaints`);
process.exitCode = complaints.length > 0 ? 1 : 0;
