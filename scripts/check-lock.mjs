/**
 * Checks package-lock.json. npm leaves optional packages that it cannot find out of the lock without a word, and
 * `npm ci` then refuses it; and an address of a registry in the lock would bind everyone to that registry.
 */
import { readJson } from './workspace.mjs';

const { packages } = readJson('package-lock.json');
const names = new Set(
  Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
);

const missing = Object.entries(packages).flatMap(([path, entry]) =>
  Object.keys(entry.optionalDependencies ?? {})
    .filter((name) => !names.has(name))
    .map((name) => `${name}, optional dependency of ${path || 'the root'}, has no entry`),
);
const addressed = Object.entries(packages)
  .filter(([, entry]) => /^(https?|git)/.test(entry.resolved ?? ''))
  .map(([path, entry]) => `${path} is bound to ${entry.resolved}`);
const unsealed = Object.entries(packages)
  .filter(([path, entry]) => path.includes('node_modules/') && !entry.link && !entry.integrity)
  .map(([path]) => `${path} has no integrity`);

const complaints = [...missing, ...addressed, ...unsealed];
complaints.forEach((complaint) => console.error(complaint));
if (complaints.length > 0) {
  console.error('Make the lock again with: npm install --before=<a day some weeks ago>');
  process.exitCode = 1;
} else {
  console.log(`package-lock.json: ${names.size} packages, complete, bound to no registry`);
}
