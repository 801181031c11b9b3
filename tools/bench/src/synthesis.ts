import path from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { imageFile, registryFile } from '@typerush/image-registry';
import { runNode, timed } from './timed';

export interface Synthesis {
  readonly services: number;
  /** Milliseconds of the whole process. */
  readonly infra: number;
  /** The same for the CDK's own `Repository`, without roles, grants, outputs or checks. */
  readonly cdkRepository: number;
}

/** @param path The PATH of the processes. */
export async function measureSynthesis(
  services: number,
  folder: string,
  workspaceRoot: string,
  searchPath: string,
): Promise<Synthesis> {
  const root = path.join(folder, `workspace-${services}`);
  await writeWorkspace(root, services);
  const tsx = createRequire(__filename).resolve('tsx');
  const run = async (program: string, ...args: string[]) => {
    const out = path.join(root, `out-${path.basename(program, '.ts')}`);
    await mkdir(out);
    const script = path.join(workspaceRoot, program);
    const env = {
      CDK_OUTDIR: out,
      CDK_CONTEXT_JSON: JSON.stringify({ environment: 'dev' }),
    };
    return timed(() =>
      runNode({ args: ['--import', tsx, script, ...args], cwd: root, env }, searchPath),
    );
  };
  return {
    services,
    infra: await run('infra/src/main.ts'),
    cdkRepository: await run('tools/bench/src/peer-repositories.ts', String(services)),
  };
}

/** Writes the files of a workspace that define its registry: registry.json, and the image.json of each service. */
export async function writeWorkspace(root: string, services: number): Promise<void> {
  await mkdir(path.join(root, 'apps'), { recursive: true });
  await writeFile(
    path.join(root, registryFile),
    JSON.stringify({ namespace: 'bench', naming: 'shared' }),
  );
  for (let n = 1; n <= services; n += 1) {
    const service = `service-${n}`;
    await mkdir(path.join(root, 'apps', service));
    const config = {
      repository: service,
      retention: n % 2 ? 'environment' : 'release',
      port: 3000,
      health: '/health/live',
    };
    await writeFile(path.join(root, 'apps', service, imageFile), JSON.stringify(config));
  }
}
