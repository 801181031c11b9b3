/** The suites that need what .ci/run installs: Docker, PostgreSQL, the AWS CLI, skopeo. */
module.exports = {
  ...require('./jest.config.js'),
  displayName: 'e2e-tools',
  testMatch: ['**/*.tools.test.ts'],
};
