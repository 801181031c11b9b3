const path = require('node:path');
const preset = require('../../jest.preset.js');

module.exports = {
  ...preset,
  displayName: 'record-service',
  globalSetup: path.join(__dirname, 'test/global-setup.cjs'),
  globalTeardown: path.join(__dirname, 'test/global-teardown.cjs'),
  // An embedded database takes seconds to start on a busy machine.
  testTimeout: 120_000,
  // Prisma's schema engine ships ES modules only, and PGlite imports Node's own modules dynamically.
  transformIgnorePatterns: preset.transformIgnorePatterns.map((pattern) =>
    pattern.replace('(?!(', '(?!(@electric-sql/pglite|@prisma/schema-engine-wasm|'),
  ),
};
