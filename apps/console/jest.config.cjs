module.exports = {
  preset: '../../jest.preset.cjs',
  displayName: '@corsac/app-console',
  testMatch: ['<rootDir>/browser/**/*.spec.ts'],
};
