import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCommand } from '@typerush/child-process';
import { writeStandInTar } from '@typerush/oci';

const dockerfile = path.join(__dirname, '../../../docker/service.Dockerfile');
const base = 'typerush-package-managers/base';
const image = 'typerush-package-managers/installed';

const patchOf = (folder: string) => `diff --git a/${folder}index.js b/${folder}index.js
--- a/${folder}index.js
+++ b/${folder}index.js
@@ -1,3 +1,4 @@
+// patched
 /* This program is free software. It comes without any warranty, to
      * the extent permitted by applicable law. You can redistribute it
      * and/or modify it under the terms of the Do What The Fuck You Want
`;

interface Workspace {
  readonly manager: string;
  readonly manifest: object;
  readonly files: Readonly<Record<string, string>>;
  /** Writes the lock file. */
  readonly lock: readonly string[];
}

const dependencies = { 'left-pad': '1.3.0' };
const patch = { 'patches/left-pad@1.3.0.patch': patchOf('') };

const workspaces: readonly Workspace[] = [
  {
    manager: 'npm with patch-package',
    manifest: {
      scripts: { postinstall: 'patch-package' },
      dependencies,
      devDependencies: { 'patch-package': '8.0.0' },
    },
    files: { 'patches/left-pad+1.3.0.patch': patchOf('node_modules/left-pad/') },
    lock: ['npm', 'install', '--package-lock-only', '--ignore-scripts'],
  },
  {
    manager: 'pnpm',
    manifest: { packageManager: 'pnpm@10.20.0', dependencies },
    files: {
      'pnpm-workspace.yaml': `patchedDependencies:\n  left-pad@1.3.0: patches/left-pad@1.3.0.patch\n`,
      ...patch,
    },
    lock: ['npx', '--yes', 'pnpm@10.20.0', 'install', '--lockfile-only'],
  },
  {
    manager: 'Yarn',
    manifest: {
      packageManager: 'yarn@4.9.2',
      dependencies: {
        'left-pad': 'patch:left-pad@npm%3A1.3.0#~/.yarn/patches/left-pad.patch',
      },
    },
    files: {
      '.yarnrc.yml': 'nodeLinker: node-modules\nenableGlobalCache: true\nenableTelemetry: false\n',
      '.yarn/patches/left-pad.patch': patchOf(''),
    },
    lock: [
      'npx',
      '--yes',
      '--package=@yarnpkg/cli-dist@4.9.2',
      'yarn',
      'install',
      '--mode=update-lockfile',
    ],
  },
  {
    manager: 'bun',
    manifest: {
      packageManager: 'bun@1.3.0',
      dependencies,
      patchedDependencies: { 'left-pad@1.3.0': 'patches/left-pad@1.3.0.patch' },
    },
    files: patch,
    lock: ['npx', '--yes', 'bun@1.3.0', 'install', '--lockfile-only'],
  },
];

describe('the shared Dockerfile', () => {
  let folder: string;
  const env = { ...process.env, DOCKER_BUILDKIT: '1', BUILDKIT_PROGRESS: 'plain' };

  const run = async (command: string, args: readonly string[], cwd = folder) => {
    const { code, stdout, stderr } = await runCommand(command, [...args], { cwd, env });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
    return stdout;
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'package-managers-'));
    const file = path.join(folder, 'base.tar');
    const { changes } = await writeStandInTar(file);
    const flags = changes.flatMap((change) => ['--change', change]);
    await run('docker', ['import', ...flags, file, base]);
  }, 120_000);
  afterAll(async () => {
    await run('docker', ['rmi', '--force', image, base]);
    await rm(folder, { recursive: true });
  });

  const install = async (manifest: object, files: Workspace['files'], lock?: Workspace['lock']) => {
    const root = await mkdtemp(path.join(folder, 'workspace-'));
    const all = {
      'package.json': JSON.stringify({ name: 'pp', version: '1.0.0', private: true, ...manifest }),
      '.dockerignore': '**/node_modules\n',
      ...files,
    };
    for (const [name, text] of Object.entries(all)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
    if (lock) await run(lock[0] ?? '', lock.slice(1), root);
    const flags = ['--target=installed', `--build-arg=NODE_IMAGE=${base}`, `--tag=${image}`];
    await run('docker', ['build', '--network=host', `--file=${dockerfile}`, ...flags, '.'], root);
  };

  it.each(workspaces)(
    'installs the patched packages of $manager',
    async ({ manifest, files, lock }) => {
      await install(manifest, files, lock);
      const file = '/workspace/node_modules/left-pad/index.js';
      const script = `process.stdout.write(require('fs').readFileSync('${file}'))`;
      const text = await run('docker', ['run', '--rm', image, 'node', '-e', script]);
      expect(text).toMatch(/^\/\/ patched\n/);
    },
    240_000,
  );

  it('fails with the reason if there is no lock file', async () => {
    await expect(install({ dependencies }, {})).rejects.toThrow(
      /the workspace has no lock file of npm, pnpm, Yarn or bun/,
    );
  }, 120_000);
});
