/**
 * Gives every package of the workspace the same four targets, so that no package has to spell them out:
 * `npx nx build|test|typecheck|lint <package>`.
 */
const { dirname } = require('node:path');

const target = (command, extra) => ({ command, cache: true, inputs: ['default', '^default'], ...extra });

const targetsOf = (root) => ({
  build: target(`node scripts/build.mjs ${root}`, { outputs: ['{projectRoot}/dist'] }),
  test: target(`jest -c ${root}/jest.config.cjs`, { cache: false }),
  typecheck: target(`tsc -p ${root}/tsconfig.json --noEmit`),
  lint: target(`eslint ${root}`),
});

const createNodes = [
  '{apps,libs,e2e,bench}/**/tsconfig.json',
  (files) =>
    files
      .map((file) => [file, dirname(file)])
      .filter(([, root]) => !root.endsWith('/browser'))
      .map(([file, root]) => [file, { projects: { [root]: { targets: targetsOf(root) } } }]),
];

module.exports = { name: 'corsac-targets', createNodes, createNodesV2: createNodes };
