/**
 * `npm run lint:canary`: gives eslint code that must not pass and fails unless exactly the expected rules refuse it.
 * A rule that was switched off, or that skipped itself, shows here.
 */
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { cases } from '../tools/lint-canary/cases.mjs';
import { makeProjectGraph } from './project-graph.mjs';
import { root } from './workspace.mjs';

await makeProjectGraph();
// The files do not exist, so the rules that need types cannot run on them.
const withoutTypes = { files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked };
const eslint = new ESLint({ cwd: root, overrideConfig: withoutTypes });

let wrong = 0;
for (const { title, file, code, rules } of cases) {
  const [result] = await eslint.lintText(code, { filePath: file });
  const found = [...new Set(result.messages.map(({ ruleId, message }) => ruleId ?? message))].sort();
  if (found.join() === [...rules].sort().join()) continue;
  wrong += 1;
  console.error(`${title}: expected [${rules}], eslint reported [${found}]`);
}
console.log(`${cases.length - wrong} passed, ${wrong} failed`);
process.exitCode = wrong > 0 ? 1 : 0;
