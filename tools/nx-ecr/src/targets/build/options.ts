import * as z from 'zod';
import { executorMeta, flag, optionalText } from '../shared-options';

const asset = z.strictObject({
  from: z
    .string()
    .meta({ description: 'File or folder to copy, relative to the workspace root. Required.' }),
  to: z.string().meta({
    description:
      'Path of the copy in the bundle: below service/, which is __dirname of main.js, or below public/. Required.',
  }),
});

const list = <Item extends z.ZodType>(item: Item, description: string) =>
  z.array(item).meta({ description }).default([]);

export const buildTargetOptions = z
  .strictObject({
    main: z.string().meta({
      description:
        'Entry module of the service, relative to the workspace root. Required; the inferred target sets src/main.ts of the project.',
      'x-completion-type': 'file',
      'x-completion-glob': '**/*@(.js|.ts)',
    }),
    tsConfig: z.string().meta({
      description:
        'TypeScript configuration of the project, relative to the workspace root. Required; the inferred target sets tsconfig.json of the project.',
      'x-completion-type': 'file',
      'x-completion-glob': 'tsconfig*.json',
    }),
    outputPath: z.string().meta({
      description:
        'Folder to write the bundle to, relative to the workspace root; other files in it are deleted. Required; the inferred target sets dist/<project root>.',
      'x-completion-type': 'directory',
    }),
    target: z
      .string()
      .meta({
        description:
          'Oldest version of Node.js that has to run the bundle, in the notation of esbuild. Default: `node20`.',
      })
      .default('node20'),
    external: list(
      z.string(),
      'Packages to leave out of the bundle; the image does not contain them. Optional dependencies that are not installed are left out in any case. Default: none.',
    ),
    omit: list(
      z.string(),
      'Modules of packages that the service never runs, to replace with empty ones: paths below node_modules without extension, for example zod/v4/locales/index. Default: none.',
    ),
    asFiles: z
      .record(z.string(), z.boolean())
      .meta({
        description:
          'By package: true ships it as files in dependencies/node_modules, false bundles it. Packages that read their own files, start workers, load modules by name or wait at their top level are shipped as files in any case, unless they are false here. Default: none.',
      })
      .default({}),
    assets: list(asset, 'Files that the service reads or serves. Default: none.'),
    decoratorMetadata: flag(
      'Emit types of decorated members (emitDecoratorMetadata) with @swc/core, which has to be installed in the workspace. Not needed if every injected parameter has @Inject(). Default: off.',
    ),
    esbuildConfig: optionalText(
      'CommonJS module that exports more settings of esbuild (plugins, define, loader, conditions, mainFields), relative to the workspace root. Default: none.',
    ).meta({ 'x-completion-type': 'file' }),
  })
  .meta(
    executorMeta(
      'build',
      'Bundles a service for its image: dependencies/ (third-party code), service/ (main.js and its assets) and public/ (static files), one image layer each. bundle.json lists the packages in them.',
    ),
  );

export type BuildTargetOptions = z.infer<typeof buildTargetOptions>;
