const { globalSetup, globalTeardown } = require('../../jest.preset.js');

// The tests that need a PostgreSQL server, at TEST_DATABASE_URL.
module.exports = {
  ...require('./jest.config.js'),
  displayName: 'record-service-postgres',
  globalSetup,
  globalTeardown,
  testMatch: ['**/*.postgres.test.ts'],
};
