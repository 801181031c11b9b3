// The tests that need a PostgreSQL server, at TEST_DATABASE_URL.
module.exports = {
  ...require('./jest.config.js'),
  displayName: 'record-service-postgres',
  testMatch: ['**/*.postgres.test.ts'],
};
