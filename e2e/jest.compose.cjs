/** Journeys through the containers of docker-compose.yml, which must be up: `npx jest -c e2e/jest.compose.cjs`. */
module.exports = {
  ...require('./jest.config.cjs'),
  displayName: 'compose',
  testMatch: ['<rootDir>/src/compose/*.journey.ts'],
  // The servers are in the containers; none is started for these.
  globalSetup: undefined,
  globalTeardown: undefined,
};
