const { globalSetup, globalTeardown } = require('../../jest.preset.js');

// The tests that need a PostgreSQL server, at TEST_DATABASE_URL.
module.exports = {
  ...require('./jest.config.js'),
  displayName: 'record-service-postgres',
  globalSetup,
  globalTeardown,
  // A busy machine takes minutes to fill tables.
  testTimeout: 600_000,
  testMatch: ['**/*.postgres.test.ts'],
};
