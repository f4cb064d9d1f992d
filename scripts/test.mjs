/**
 * `npm test`: installs what is missing, builds (the journeys start real apps) and runs every test. Arguments go to jest:
 * `npm test -- pkce`. The last line is always `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { build } from './build.mjs';
import { install } from './installed.mjs';
import { requireNode } from './node-floor.mjs';
import { cacheFolder, root } from './workspace.mjs';

const report = join(cacheFolder, 'test-report.json');

const runJest = (extra) => {
  const jest = join(createRequire(import.meta.url).resolve('jest/package.json'), '../bin/jest.js');
  const args = [
    jest,
    ...(extra.includes('-c') ? [] : ['-c', join(root, 'jest.config.cjs')]),
    ...(extra.includes('--runInBand') ? [] : ['--maxWorkers=2']),
    '--json',
    `--outputFile=${report}`,
    ...extra,
  ];
  mkdirSync(cacheFolder, { recursive: true });
  rmSync(report, { force: true });
  // With --json jest prints the report on stdout as well; only what it tells people, on stderr, is passed on.
  return spawnSync(process.execPath, args, { cwd: root, stdio: ['inherit', 'ignore', 'inherit'] });
};

/** A file that could not even be loaded has no failed test in it, yet it failed. */
const didNotRun = (suite) => suite.status === 'failed' && suite.assertionResults.length === 0;
const hasFailed = (suite) => didNotRun(suite) || suite.assertionResults.some((test) => test.status === 'failed');

const readSuites = () => (existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).testResults : undefined);

/** Files that failed beside others are tried once more, alone: real servers, deadlines and two cores do not always go together. */
const mostAgain = 6;

const tryAgain = (suites, own) => {
  const failed = suites.filter(hasFailed).map((suite) => suite.name);
  if (!process.env.CI || failed.length === 0 || failed.length > mostAgain) return suites;
  console.log(`\nOnce more, alone:\n${failed.map((name) => `  ${relative(root, name)}`).join('\n')}`);
  const at = own.findIndex((arg) => arg === '-c' || arg === '--config');
  runJest([...(at < 0 ? [] : own.slice(at, at + 2)), '--runInBand', '--runTestsByPath', ...failed]);
  const again = readSuites() ?? [];
  return suites.map((suite) => again.find((other) => other.name === suite.name) ?? suite);
};

const tell = (suites, status) => {
  const tests = suites.flatMap((suite) =>
    suite.assertionResults.map((test) => ({ ...test, file: relative(root, suite.name) })),
  );
  const withStatus = (...wanted) => tests.filter((test) => wanted.includes(test.status));
  const skipped = withStatus('pending', 'skipped', 'todo', 'disabled');
  const failed = withStatus('failed').length + suites.filter(didNotRun).length;
  if (skipped.length > 0) console.log('\nSkipped:');
  for (const { fullName, file } of skipped) console.log(`  ${fullName} (${file})`);
  console.log(`${withStatus('passed').length} passed, ${failed} failed, ${skipped.length} skipped`);
  if (failed > 0) return 1;
  return tests.length > 0 ? 0 : status;
};

requireNode();
install();
try {
  await build();
} catch (error) {
  console.log(`${error.message}\n0 passed, 1 failed, 0 skipped`);
  process.exit(1);
}
const own = process.argv.slice(2);
const { status } = runJest(own);
const suites = readSuites();
if (!suites) {
  console.log('jest ended without a report\n0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
process.exitCode = tell(tryAgain(suites, own), status ?? 1);
