import { type TargetConfiguration } from '@nx/devkit';

/** One CommonJS file, `dist/<project root>/main.js`, that needs nothing but Node. */
export const buildTarget = (): TargetConfiguration => ({
  executor: '@nx/esbuild:esbuild',
  cache: true,
  dependsOn: ['^build'],
  inputs: ['production', '^production', { externalDependencies: ['esbuild'] }],
  outputs: ['{options.outputPath}'],
  options: {
    main: '{projectRoot}/src/main.ts',
    tsConfig: '{projectRoot}/tsconfig.json',
    outputPath: 'dist/{projectRoot}',
    outputFileName: 'main.js',
    platform: 'node',
    target: 'node20',
    format: ['cjs'],
    bundle: true,
    thirdParty: true,
    declaration: false,
    skipTypeCheck: true,
    deleteOutputPath: true,
    generatePackageJson: false,
    // The executor names a CommonJS file `.cjs` unless told otherwise.
    esbuildOptions: { outExtension: { '.js': '.js' } },
  },
});
