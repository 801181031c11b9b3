/** The suites that need what .ci/run installs: root, Docker, podman, docker-registry, PostgreSQL, the AWS CLI, skopeo, cosign. */
module.exports = {
  ...require('./jest.config.js'),
  displayName: 'e2e-tools',
  testMatch: ['**/*.tools.test.ts'],
  // As in jest.e2e.config.js.
  maxWorkers: 2,
  globalSetup: require.resolve('./jest.build-once.js'),
  // An image that Docker builds installs all packages again.
  testTimeout: 1_200_000,
};
