import { type WorkspaceCopy } from '../workspace-copy';
import { salt } from './way';

/** The Dockerfile of `@nx/node`: the bundle, and an install of its dependencies. */
export const dockerfile = (base: string, run: string, bundled: boolean) => `FROM ${base}
${salt(run)}

ENV HOST=0.0.0.0
ENV PORT=3000

WORKDIR /app

COPY dist .
${bundled ? '' : '\nRUN npm --omit=dev -f install\n'}
CMD [ "node", "main.js" ]
`;

interface NxJson {
  readonly plugins: readonly unknown[];
}

/**
 * Replaces this workspace's plugin by Nx's, with releases as in https://nx.dev/docs/guides/nx-release/release-docker-images, but
 * without Git commits and Git tags.
 * @param build the command that builds the images of a release
 */
export const useNxDocker = (
  copy: WorkspaceCopy,
  projects: readonly string[],
  registryUrl: string,
  build: string,
) =>
  copy.editJson<NxJson>('nx.json', (nx) => ({
    ...nx,
    plugins: [
      ...nx.plugins.filter((each) => !JSON.stringify(each).includes('@typerush/')),
      '@nx/docker',
    ],
    release: {
      groups: {
        images: {
          projects,
          projectsRelationship: 'independent',
          docker: {
            skipVersionActions: true,
            registryUrl,
            versionSchemes: { production: '{shortCommitSha}' },
            groupPreVersionCommand: build,
          },
          changelog: false,
        },
      },
      version: {
        git: { commit: false, tag: false, stageChanges: false },
        versionActionsOptions: { skipLockFileUpdate: true },
      },
    },
  }));

/**
 * The targets of `nx g @nx/node:app --docker`, but with workspace libraries in the bundle: they are TypeScript, which Node cannot
 * require.
 */
export const nodeTargets = (folder: string, bundled: boolean) => ({
  build: {
    executor: '@nx/esbuild:esbuild',
    cache: true,
    dependsOn: ['^build'],
    inputs: ['production', '^production'],
    outputs: ['{options.outputPath}'],
    options: {
      platform: 'node',
      outputPath: `${folder}/dist`,
      format: ['cjs'],
      bundle: true,
      thirdParty: bundled,
      main: `${folder}/src/main.ts`,
      tsConfig: `${folder}/tsconfig.json`,
      skipTypeCheck: true,
      declaration: false,
      esbuildOptions: { sourcemap: false, outExtension: { '.js': '.js' } },
    },
  },
  ...(!bundled && pruneTargets),
});

const pruneTargets = {
  'prune-lockfile': {
    dependsOn: ['build'],
    cache: true,
    executor: '@nx/js:prune-lockfile',
    outputs: ['{projectRoot}/dist/package.json', '{projectRoot}/dist/package-lock.json'],
    options: { buildTarget: 'build' },
  },
  'copy-workspace-modules': {
    dependsOn: ['build'],
    cache: true,
    outputs: ['{projectRoot}/dist/workspace_modules'],
    executor: '@nx/js:copy-workspace-modules',
    options: { buildTarget: 'build' },
  },
  prune: { dependsOn: ['prune-lockfile', 'copy-workspace-modules'], executor: 'nx:noop' },
  'docker:build': { dependsOn: ['build', 'prune'] },
};
