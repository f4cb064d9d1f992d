module.exports = {
  projects: ['apps/*', 'apps/samples/*', 'libs/*', 'libs/*/*', 'e2e', 'bench'].map(
    (folder) => `<rootDir>/${folder}/jest.config.cjs`,
  ),
  passWithNoTests: true,
  coverageReporters: ['text', 'json-summary'],
};
