const path = require('node:path');

/** Packages that ship ES modules only; jest runs CommonJS on Node 20, so swc transforms them too. */
const esmOnly = [
  '@nestjs',
  '@borewit',
  '@secretlint',
  '@tokenizer',
  'boundary',
  'cookie',
  'dockerfile-ast',
  'file-type',
  'jose',
  'light-my-request',
  'strtok3',
  'structured-source',
  'token-types',
  'uint8array-extras',
];

module.exports = {
  globalSetup: path.join(__dirname, 'jest.global-setup.js'),
  globalTeardown: path.join(__dirname, 'jest.global-teardown.js'),
  testEnvironment: 'node',
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
