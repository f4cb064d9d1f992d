/**
 * Code that must not pass, each with the rules that must refuse it. The paths are made up: eslint is given the text, so
 * that the packages' own folders stay clean. A case without rules must pass, or a rule that refuses everything would do.
 */
const boundaries = '@nx/enforce-module-boundaries';
const law = 'corsac/imports';
const importOf = (name) => `import { x } from '${name}';\nexport const y = x;\n`;
const lines = (count) => Array.from({ length: count }, (_, i) => `export const n${i} = ${i};`).join('\n');

export const cases = [
  {
    title: 'a service imports another service',
    file: 'libs/services/token/src/canary.ts',
    code: importOf('@corsac/session-service'),
    rules: [boundaries],
  },
  {
    title: 'a service imports the bus',
    file: 'libs/services/token/src/canary.ts',
    code: importOf('@corsac/bus'),
    rules: [boundaries],
  },
  {
    title: 'a service imports the settings',
    file: 'libs/services/session/src/canary.ts',
    code: importOf('@corsac/settings'),
    rules: [boundaries],
  },
  {
    title: 'protocol imports Nest',
    file: 'libs/protocol/oauth/src/canary.ts',
    code: importOf('@nestjs/common'),
    rules: [boundaries],
  },
  {
    title: 'model imports a driver',
    file: 'libs/model/src/canary.ts',
    code: importOf('redis'),
    rules: [boundaries, law],
  },
  {
    title: 'contracts import NATS',
    file: 'libs/contracts/src/canary.ts',
    code: importOf('@nats-io/nats-core'),
    rules: [boundaries, law],
  },
  {
    title: 'protocol imports model',
    file: 'libs/protocol/oauth/src/canary.ts',
    code: importOf('@corsac/model'),
    rules: [boundaries],
  },
  {
    title: 'model imports contracts',
    file: 'libs/model/src/canary.ts',
    code: importOf('@corsac/contracts'),
    rules: [boundaries],
  },
  {
    title: 'platform imports a service',
    file: 'libs/platform/http/src/canary.ts',
    code: importOf('@corsac/token-service'),
    rules: [boundaries],
  },
  {
    title: 'platform for services imports platform for apps',
    file: 'libs/platform/http/src/canary.ts',
    code: importOf('@corsac/run'),
    rules: [boundaries],
  },
  {
    title: 'an app imports an app',
    file: 'apps/embedded/src/canary.ts',
    code: importOf('@corsac/app-token'),
    rules: [boundaries],
  },
  {
    title: 'an app imports the service of another app',
    file: 'apps/token/src/canary.ts',
    code: importOf('@corsac/session-service'),
    rules: [boundaries],
  },
  {
    title: 'a sample imports Corsac',
    file: 'apps/samples/web/src/canary.ts',
    code: importOf('@corsac/oauth'),
    rules: [boundaries, law],
  },
  {
    title: 'a package that nobody declared is imported',
    file: 'libs/platform/http/src/canary.ts',
    code: importOf('semver'),
    rules: [boundaries],
  },
  {
    title: 'Nest in a plain file of a service',
    file: 'libs/services/token/src/codes/canary.ts',
    code: importOf('@nestjs/common'),
    rules: [law],
  },
  {
    title: 'a driver outside store/',
    file: 'libs/services/token/src/codes/canary.ts',
    code: importOf('pg'),
    rules: [law],
  },
  {
    title: 'jose outside libs/protocol/jwt',
    file: 'libs/services/token/src/codes/canary.ts',
    code: importOf('jose'),
    rules: [law],
  },
  {
    title: 'xml-crypto outside libs/protocol/saml',
    file: 'libs/protocol/oauth/src/canary.ts',
    code: importOf('xml-crypto'),
    rules: [law],
  },
  {
    title: 'a source imports the test library',
    file: 'libs/services/token/src/canary.ts',
    code: importOf('@corsac/testing'),
    rules: [law],
  },
  {
    title: 'forwardRef',
    file: 'libs/services/token/src/token.module.ts',
    code: "import { forwardRef } from '@nestjs/common';\nexport const y = forwardRef;\n",
    rules: [law],
  },
  {
    title: 'Global',
    file: 'libs/platform/http/src/canary.module.ts',
    code: "import { Global } from '@nestjs/common';\nexport const y = Global;\n",
    rules: [law],
  },
  {
    title: 'randomness in protocol',
    file: 'libs/protocol/oauth/src/canary.ts',
    code: "import { randomBytes } from 'node:crypto';\nexport const y = randomBytes;\n",
    rules: [law],
  },
  {
    title: 'the clock in protocol',
    file: 'libs/protocol/oauth/src/canary.ts',
    code: 'export const y = [Date.now(), new Date()];\n',
    rules: ['no-restricted-properties', 'no-restricted-syntax'],
  },
  {
    title: 'the environment in model',
    file: 'libs/model/src/canary.ts',
    code: 'export const y = process.env;\n',
    rules: ['no-restricted-globals'],
  },
  {
    title: 'any',
    file: 'libs/model/src/canary.ts',
    code: 'export const y: any = 1;\n',
    rules: ['@typescript-eslint/no-explicit-any'],
  },
  {
    title: 'ts-ignore',
    file: 'libs/model/src/canary.ts',
    code: "// @ts-ignore\nexport const y: number = 'a';\n",
    rules: ['@typescript-eslint/ban-ts-comment'],
  },
  {
    title: 'a value import of a type',
    file: 'libs/model/src/canary.ts',
    code: "import { A } from './a.js';\nexport const y = (a: A): A => a;\n",
    rules: ['@typescript-eslint/consistent-type-imports'],
  },
  {
    title: 'export *',
    file: 'libs/model/src/index.ts',
    code: "export * from './a.js';\n",
    rules: ['no-restricted-syntax'],
  },
  {
    title: 'a barrel inside a library',
    file: 'libs/model/src/tracks/index.ts',
    code: "export { a } from './a.js';\n",
    rules: ['corsac/folders'],
  },
  {
    title: 'a drawer',
    file: 'libs/model/src/utils/canary.ts',
    code: 'export const y = 1;\n',
    rules: ['corsac/folders'],
  },
  { title: 'a long file', file: 'libs/model/src/canary.ts', code: lines(301), rules: ['max-lines'] },
  {
    title: 'a long function',
    file: 'libs/model/src/canary.ts',
    code: `export function y(): void {\n${'  void 0;\n'.repeat(60)}}\n`,
    rules: ['max-lines-per-function'],
  },
  {
    title: 'five parameters',
    file: 'libs/model/src/canary.ts',
    code: 'export const y = (a: 1, b: 1, c: 1, d: 1, e: 1): number => a + b + c + d + e;\n',
    rules: ['corsac/max-parts'],
  },
  {
    title: 'a note for later',
    file: 'libs/model/src/canary.ts',
    code: '// TODO: later\nexport const y = 1;\n',
    rules: ['no-warning-comments'],
  },
  {
    title: 'jest.fn in a service',
    file: 'libs/services/token/src/canary.spec.ts',
    code: 'export const y = jest.fn();\n',
    rules: ['no-restricted-properties'],
  },
  {
    title: 'allowed: a service imports contracts, model, protocol and platform',
    file: 'libs/services/token/src/canary.ts',
    code: ['contracts', 'model', 'oauth', 'http']
      .map((name) => `export { x as ${name} } from '@corsac/${name}';\n`)
      .join(''),
    rules: [],
  },
  {
    title: 'allowed: a spec imports the test library',
    file: 'libs/services/token/src/canary.spec.ts',
    code: importOf('@corsac/testing'),
    rules: [],
  },
  {
    title: 'the command line imports a service',
    file: 'apps/cli/src/canary.ts',
    code: importOf('@corsac/config-service'),
    rules: [boundaries],
  },
  {
    title: 'the command line imports the bus',
    file: 'apps/cli/src/canary.ts',
    code: importOf('@corsac/bus'),
    rules: [boundaries],
  },
  {
    title: 'allowed: embedded imports every service',
    file: 'apps/embedded/src/canary.ts',
    code: ['token', 'session'].map((name) => `export { x as ${name} } from '@corsac/${name}-service';\n`).join(''),
    rules: [],
  },
  {
    title: 'allowed: a driver in store/',
    file: 'libs/services/token/src/store/canary.ts',
    code: importOf('pg'),
    rules: [],
  },
  {
    title: 'allowed: Nest in an endpoint',
    file: 'libs/services/token/src/userinfo/userinfo.endpoint.ts',
    code: importOf('@nestjs/common'),
    rules: [],
  },
];
