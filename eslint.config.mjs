import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import projects from './module-boundaries.json' with { type: 'json' };

/**
 * Both axes of CONTRIBUTING's table. Every project has one `scope:*` and one `type:*` tag; a pair that is
 * not listed is forbidden.
 */
const boundaries = [
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'scope:game', onlyDependOnLibsWithTags: ['scope:game', 'scope:shared'] },
  { sourceTag: 'scope:records', onlyDependOnLibsWithTags: ['scope:records', 'scope:shared'] },
  { sourceTag: 'scope:registry', onlyDependOnLibsWithTags: ['scope:registry', 'scope:shared'] },
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['type:contract'] },
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: ['type:domain'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib', 'type:domain', 'type:contract'] },
  { sourceTag: 'type:construct', onlyDependOnLibsWithTags: ['type:construct', 'type:domain'] },
  { sourceTag: 'type:infra', onlyDependOnLibsWithTags: ['type:construct', 'type:domain'] },
  {
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: ['type:lib', 'type:domain', 'type:contract'],
  },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib', 'type:domain', 'type:contract'] },
  { sourceTag: 'type:e2e', onlyDependOnLibsWithTags: ['type:lib', 'type:domain', 'type:contract'] },
];

/** Which projects a project may import, by name: CONTRIBUTING shows the same table. */
const allowedImports = Object.entries(projects).map(([name, { root, imports }]) => ({
  files: [`${root}/**/*.ts`, `${root}/**/*.tsx`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^@typerush/(?!(${[name, ...imports].join('|')})(/|$))`,
            message: `${name} may import ${imports.join(', ') || 'no other project'}: see module-boundaries.json.`,
          },
        ],
      },
    ],
  },
}));

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/generated',
      '**/node_modules',
      '**/cdk.out',
      '**/*.config.js',
      '**/jest.*.js',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        __filename: 'readonly',
        require: 'readonly',
        module: 'readonly',
        __dirname: 'readonly',
        process: 'readonly',
        exports: 'writable',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['apps/ecr-local/examples/*.jest.test.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        afterAll: 'readonly',
        beforeAll: 'readonly',
        expect: 'readonly',
        it: 'readonly',
        require: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['.ci/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    // Programs of Node that use packages which are not installed here.
    files: ['libs/service-bundle/test/popular-packages/*'],
    languageOptions: {
      globals: { Buffer: 'readonly', console: 'readonly', fetch: 'readonly', process: 'readonly' },
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx, 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.tsx', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [
        importX.createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] }),
      ],
    },
    rules: {
      // Within a project: between projects, the table above leaves no way to a cycle.
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          depConstraints: boundaries,
          // What is loaded lazily for the start of a command is not so in a test.
          checkDynamicDependenciesExceptions: ['^@typerush/[^/]+/testing$'],
        },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message:
            'Read the environment once, in main.ts or the project’s config, and pass a typed value on.',
        },
      ],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: [
      '**/main.ts',
      'apps/ecr-local/src/cli/run-command.ts',
      '**/vite.config.ts',
      '**/executor.ts',
      '**/hasher.ts',
      '**/run-executor.ts',
      '**/requested-configuration.ts',
      '**/*.test.ts',
      '**/test/**/*.ts',
      'e2e/**/*.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  { files: ['apps/web/**/*.tsx'], ...reactHooks.configs.flat['recommended-latest'] },
  ...allowedImports,
  prettier,
);
