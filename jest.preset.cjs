const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const swc = JSON.parse(readFileSync(join(__dirname, '.swcrc'), 'utf8'));
delete swc.$schema;

/** Packages that ship ES modules only; swc turns them into CommonJS so that jest needs no Node flag. */
const esmOnly = [
  '@auth',
  '@nestjs',
  '@otplib',
  '@panva',
  '@scure',
  '@noble',
  '@nats-io',
  '@tokenizer',
  'content-disposition',
  'cookie',
  'eta',
  'file-type',
  'jose',
  'nanoid',
  'oauth4webapi',
  'oidc-client-ts',
  'oidc-provider',
  'openid-client',
  'otplib',
  'preact',
  'preact-render-to-string',
  'quick-lru',
  're2js',
  'strtok3',
  'token-types',
  'uint8array-extras',
];

/** Files of the test library that start the real servers once per run. Plain CommonJS: jest runs them without our resolver. */
const hook = (name) => {
  const file = join(__dirname, 'libs/testing/jest', name);
  return existsSync(file) ? file : undefined;
};

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testEnvironmentOptions: { customExportConditions: ['@corsac/source', 'node', 'require', 'default'] },
  transform: {
    '^.+\\.m?[tj]sx?$': ['@swc/jest', { ...swc, module: { ...swc.module, ignoreDynamic: false }, swcrc: false }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/)?(${esmOnly.join('|')})/)`],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/', '/out-tsc/'],
  passWithNoTests: true,
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/**/suites/**', '!src/index.ts'],
  ...(hook('global-setup.cjs') && { globalSetup: hook('global-setup.cjs') }),
  ...(hook('global-teardown.cjs') && { globalTeardown: hook('global-teardown.cjs') }),
};
