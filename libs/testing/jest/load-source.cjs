/**
 * Loads TypeScript of the workspace into a plain Node process. Jest runs its global hooks without its own resolver; this gives them what the
 * build and the tests have: `.js` means `.ts`, and a package of ours is its source.
 */
const { existsSync, readFileSync, realpathSync } = require('node:fs');
const Module = require('node:module');
const { dirname, join, resolve } = require('node:path');

const root = resolve(__dirname, '../../..');
const isOurs = (file) => file.startsWith(root) && !file.includes('/node_modules/');

const sourceOf = (request, from) => {
  const [, name, rest] = /^(@corsac\/[^/]+)(\/.*)?$/.exec(request) ?? [];
  if (name) {
    const folder = realpathSync(join(root, 'node_modules', name));
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return join(folder, exports[`.${rest ?? ''}`]['@corsac/source']);
  }
  if (!request.startsWith('.') || !from || !isOurs(from)) return undefined;
  const file = resolve(dirname(from), request.replace(/\.js$/, '.ts'));
  return existsSync(file) && file.endsWith('.ts') ? file : undefined;
};

/** Exports of a TypeScript file, given by its absolute path. */
module.exports = function loadSource(file) {
  const { transformSync } = require('@swc/core');
  const swc = {
    ...JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8')),
    $schema: undefined,
    swcrc: false,
    configFile: false,
  };
  const original = { resolve: Module._resolveFilename, ts: Module._extensions['.ts'] };
  Module._resolveFilename = function (request, parent, ...rest) {
    return sourceOf(request, parent?.filename) ?? original.resolve.call(this, request, parent, ...rest);
  };
  Module._extensions['.ts'] = (module, filename) => {
    module._compile(
      transformSync(readFileSync(filename, 'utf8'), { ...swc, filename, sourceMaps: 'inline' }).code,
      filename,
    );
  };
  try {
    return require(file);
  } finally {
    Module._resolveFilename = original.resolve;
    if (original.ts) Module._extensions['.ts'] = original.ts;
    else delete Module._extensions['.ts'];
  }
};
