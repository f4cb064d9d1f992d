const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const { dirname, join } = require('node:path');

const asks = /\b(?:describeWith|resolveBacking)\(\s*'(postgres|redis|nats)'/g;

const specsBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name));

const foldersOf = (globalConfig, projectConfig) => {
  const given = globalConfig.projects.length > 0 ? globalConfig.projects : [projectConfig.rootDir];
  return given.map((path) => (statSync(path).isFile() ? dirname(path) : path)).map((folder) => join(folder, 'src'));
};

/** Starts each real server that a spec of this run asks for, once. A run that asks for none pays only for this look. */
module.exports = async (globalConfig, projectConfig) => {
  const specs = foldersOf(globalConfig, projectConfig)
    .filter((folder) => existsSync(folder))
    .flatMap(specsBelow);
  const kinds = new Set(
    specs.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(asks)].map(([, kind]) => kind)),
  );
  if (kinds.size === 0) return;
  const { startRun } = require('./load-source.cjs')(join(__dirname, '../src/backing/start-run.ts'));
  globalThis.corsacStopBackings = await startRun([...kinds]);
};
