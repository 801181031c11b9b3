const path = require('node:path');
const preset = require('../jest.preset.js');

module.exports = {
  ...preset,
  displayName: 'e2e',
  testTimeout: 600_000,
  moduleNameMapper: {
    ...preset.moduleNameMapper,
    // It exports nothing for `require`.
    '^@actions/expressions$': path.join(
      __dirname,
      '../node_modules/@actions/expressions/dist/index.js',
    ),
  },
};
