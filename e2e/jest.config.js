const preset = require('../jest.preset.js');

/** The suites that need Node and npm alone. */
module.exports = {
  ...preset,
  displayName: 'e2e',
  testMatch: ['**/*.e2e.test.ts'],
  testTimeout: 600_000,
};
