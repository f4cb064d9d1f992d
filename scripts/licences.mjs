/**
 * `npm run licences`: lists the licences of what runs in production and fails on one that is not known to be permissive.
 * An expression with OR needs one permissive part, one with AND needs all of them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, root } from './workspace.mjs';

const permissive = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'PostgreSQL',
  'Unlicense',
  'CC0-1.0',
  'Zlib',
  'Python-2.0',
  'CC-BY-4.0',
]);

const isPermissive = (expression) =>
  expression
    .replace(/[()]/g, '')
    .split(/ OR /)
    .some((choice) => choice.split(/ AND /).every((name) => permissive.has(name.trim())));

/** Some old packages write the name of the licence in words. */
const inWords = new Map([['MIT License', 'MIT']]);

const declared = (entry) => {
  const { license, licenses } = entry;
  if (typeof license === 'string') return inWords.get(license) ?? license;
  if (license?.type) return license.type;
  return licenses?.map(({ type }) => type).join(' OR ') || 'none declared';
};

const { packages } = readJson('package-lock.json');
const found = Object.entries(packages)
  .filter(([path, entry]) => path.includes('node_modules/') && !entry.link && !entry.dev)
  .map(([path, entry]) => {
    const file = `${path}/package.json`;
    return { path, licence: declared(existsSync(join(root, file)) ? readJson(file) : entry) };
  });

const byLicence = new Map();
for (const one of found) byLicence.set(one.licence, [...(byLicence.get(one.licence) ?? []), one]);
for (const [licence, all] of [...byLicence].sort(([, a], [, b]) => b.length - a.length))
  console.log(`${all.length}\t${licence}`);

const refused = found.filter(({ licence }) => !isPermissive(licence));
for (const { path, licence } of refused) console.error(`not permissive: ${path} (${licence})`);
console.log(`${found.length} packages in production, ${refused.length} not permissive`);
process.exitCode = refused.length > 0 ? 1 : 0;
