const path = require('node:path');

/** Packages that ship ES modules only; jest runs CommonJS on Node 20, so swc transforms them too. */
const esmOnly = [
  '@actions',
  '@borewit',
  '@nestjs',
  '@sec-ant',
  '@secretlint',
  '@sindresorhus',
  '@tokenizer',
  'boundary',
  'cookie',
  'execa',
  'figures',
  'file-type',
  'get-stream',
  'human-signals',
  'is-plain-obj',
  'is-stream',
  'is-unicode-supported',
  'jose',
  'light-my-request',
  'npm-run-path',
  'p-map',
  'parse-ms',
  'path-key',
  'pretty-ms',
  'strip-final-newline',
  'strtok3',
  'structured-source',
  'token-types',
  'uint8array-extras',
  'unicorn-magic',
  'yoctocolors',
];

module.exports = {
  globalSetup: path.join(__dirname, 'jest.global-setup.js'),
  globalTeardown: path.join(__dirname, 'jest.global-teardown.js'),
  testEnvironment: 'node',
  // Signal handlers of execa outlive a test file; jest's clean-up of globals sends them into an endless recursion.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  // Ends a test that hangs; a slow machine must not fail one.
  testTimeout: 60_000,
  testMatch: ['**/*.@(unit|int).test.ts'],
  transform: {
    '^.+\\.[cm]?[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true },
        },
        module: { type: 'commonjs', ignoreDynamic: false },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  // A dependency of execa that exports nothing for `require`.
  moduleNameMapper: {
    '^unicorn-magic$': path.join(__dirname, 'node_modules/unicorn-magic/node.js'),
  },
  moduleFileExtensions: ['ts', 'mjs', 'js', 'json'],
  watchman: false,
  reporters: [
    'default',
    // One file per run: .ci/run adds them up.
    [
      'jest-junit',
      {
        outputDirectory: path.join(__dirname, 'test-results'),
        uniqueOutputName: 'true',
        classNameTemplate: '{filepath}',
      },
    ],
  ],
};
