// The tests that need a PostgreSQL server, at TEST_DATABASE_URL.
module.exports = {
  ...require('./jest.config.js'),
  displayName: 'bench-postgres',
  testMatch: ['**/*.postgres.test.ts'],
};
