import { lastLines, runCommand } from '@typerush/child-process';
import { ContainerCli } from '../container/container-cli';
import { executables } from '../container/executables';
import { type Availability } from '../image-engine';

type Variables = Readonly<Record<string, string | undefined>>;

export interface Podman {
  readonly cli: ContainerCli;
  readonly rootless: boolean;
}

export type FoundPodman = Podman | Extract<Availability, { available: false }>;

const ANSWER_TIMEOUT_MS = 30_000;
const REMEDY = 'or use --engine=oci, which does without.';

/** The first podman on PATH whose storage works. */
export async function findPodman(variables: Variables, client?: string): Promise<FoundPodman> {
  const paths = client ? [client] : await executables('podman', variables['PATH'] ?? '');
  let trouble: FoundPodman | undefined;
  for (const path of paths) {
    const { stdout } = await runCommand(path, ['--version'], { env: variables });
    const version = /^podman(?:-remote)? version (\S+)/.exec(stdout)?.[1];
    if (!version) continue;
    const cli = new ContainerCli('podman', path, version, variables);
    // It opens the storage, which is what fails where podman cannot work.
    const info = await cli.run(['info', '--format', '{{.Host.Security.Rootless}}'], {
      timeout: ANSWER_TIMEOUT_MS,
    });
    if (info.code === 0) return { cli, rootless: info.stdout.trim() === 'true' };
    trouble ??= unusable(path, lastLines({ ...info, stdout: '' }, 1));
  }
  return trouble ?? missing(client);
}

function unusable(path: string, said: string): FoundPodman {
  return {
    available: false,
    code: 'PODMAN_UNUSABLE',
    reason: `${path} does not work here: ${said.replace(/[.?]+$/, '') || 'it did not answer in time'}.`,
    remedy: `See "podman info" and https://github.com/containers/podman/blob/main/troubleshooting.md, ${REMEDY}`,
  };
}

const missing = (client: string | undefined): FoundPodman => ({
  available: false,
  code: 'PODMAN_MISSING',
  reason: `There is no ${client ?? 'podman on PATH'}.`,
  remedy: `Install podman, ${REMEDY}`,
});
