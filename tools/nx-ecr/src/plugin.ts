import { dirname } from 'node:path';
import { createNodesFromFiles, type CreateNodes } from '@nx/devkit';
import { imageFile } from '@typerush/image-registry';

/** Infers the image targets of every project that holds an `image.json`. */
export const createNodes: CreateNodes = [
  `**/${imageFile}`,
  (files, options, context) =>
    createNodesFromFiles(
      (file) => ({
        projects: {
          [dirname(file)]: {
            root: dirname(file),
            targets: {
              build: {
                executor: '@nx/esbuild:esbuild',
                cache: true,
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
                  skipTypeCheck: true,
                  deleteOutputPath: true,
                  generatePackageJson: false,
                },
              },
            },
          },
        },
      }),
      files,
      options,
      context,
    ),
];
