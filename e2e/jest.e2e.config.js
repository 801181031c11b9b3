/** The suites that take minutes. They wait for processes more than they compute: two at a time, also on two cores. */
module.exports = {
  ...require('./jest.config.js'),
  displayName: 'e2e',
  testMatch: ['**/*.e2e.test.ts'],
  maxWorkers: 2,
  globalSetup: require.resolve('./jest.build-once.js'),
};
