import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lastLines, type CommandResult } from '@typerush/child-process';
import { PipelineError } from '@typerush/pipeline-context';
import { type BuildPlan } from '../build-plan';
import { type ContainerCli } from './container-cli';

/** In the output of npm and of resolvers. */
const OFFLINE =
  /EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|[Tt]emporary failure in name resolution/;

type EngineName = ContainerCli['name'];

interface Cause {
  readonly code: string;
  readonly sign: RegExp;
  readonly reason: (name: EngineName) => string;
  readonly fix: (name: EngineName) => string;
}

/** The first one whose sign is in the output of a builder applies. */
const CAUSES: readonly Cause[] = [
  {
    code: 'BUILD_DISK_FULL',
    sign: /no space left on device|disk quota exceeded/i,
    reason: (name) => `${name} has no space left for images and layers`,
    fix: (name) => `free some, for example with "${name} system prune", and build again.`,
  },
  {
    code: 'DOCKERFILE_INVALID',
    sign: /dockerfile parse error|unknown instruction|parsing main Dockerfile|Error response from daemon: Dockerfile/i,
    reason: (name) => `${name} cannot parse the Dockerfile`,
    fix: () => 'correct the line that the output names.',
  },
  {
    code: 'COPY_SOURCE_MISSING',
    sign: /failed to calculate checksum of ref|failed to compute cache key|COPY failed|copier: stat|(?:COPY|ADD)\b.*no such file or directory|building at STEP "(?:COPY|ADD)/i,
    reason: () => 'a COPY of the Dockerfile finds no source',
    fix: () => 'check that the build before it writes there.',
  },
  {
    code: 'BASE_UNAVAILABLE',
    sign: /manifest unknown|pull access denied|failed to resolve source metadata|failed to solve with frontend.*not found|creating build container.*(?:pull|initializing source)|toomanyrequests|no match(?:ing)? (?:manifest|for platform)/i,
    reason: (name) => `${name} cannot pull the base image`,
    fix: (name) => `check that ${name} can reach its registry and is logged in to it.`,
  },
  {
    code: 'BUILD_OFFLINE',
    sign: OFFLINE,
    reason: () => 'the build has no network',
    fix: () => 'check the network of this machine, and whether it needs a proxy.',
  },
  {
    code: 'EMULATION_MISSING',
    sign: /exec format error|exec user process caused/i,
    reason: () => 'a RUN for another platform needs an emulator',
    fix: () =>
      'install one (https://docs.docker.com/go/qemu/), or use FROM --platform=$BUILDPLATFORM for that stage.',
  },
  {
    code: 'ENGINE_STORAGE',
    sign: /not enough IDs available|insufficient UIDs or GIDs|subuid|subgid|kernel does not support overlay fs|mount_program|overlay.*not supported/i,
    reason: (name) => `${name} cannot store images for this user`,
    fix: (name) =>
      `give the user a range in /etc/subuid and /etc/subgid, then ${name === 'podman' ? 'run "podman system migrate"' : 'restart the daemon'}.`,
  },
];

export const isOffline = ({ stdout, stderr }: CommandResult): boolean =>
  OFFLINE.test(stdout) || OFFLINE.test(stderr);

/** Of a daemon that was started with `--bridge=none`, or whose bridge is gone. */
const NO_BRIDGE =
  /network bridge not found|network (?:"?bridge"? )?not found|bridge docker0|failed to create endpoint .* on network bridge|could not find an available, non-overlapping/i;

export const lacksBridge = ({ stdout, stderr }: CommandResult): boolean =>
  NO_BRIDGE.test(stdout) || NO_BRIDGE.test(stderr);

/**
 * podman fails if an image is removed while it looks for cached layers, for example at the end of a verification.
 * https://github.com/containers/buildah/issues/5674
 */
export const lostCachedLayer = (result: CommandResult): boolean =>
  /layer not known/.test(lastLines(result, 5));

const logOf = (cli: ContainerCli, plan: BuildPlan) =>
  path.join(plan.outDir, `${cli.name}-build.log`);

/** The end of the output shows which step failed; the reason is often only in the whole output, which goes to a log. */
export async function buildFailure(
  cli: ContainerCli,
  result: CommandResult,
  plan: BuildPlan,
): Promise<PipelineError> {
  const log = await writeLog(cli, result, plan);
  const where = log ? ` The whole output is in ${path.relative(plan.workspaceRoot, log)}.` : '';
  return engineFailure(cli, result, {
    code: 'BUILD_FAILED',
    problem: `${cli.name} cannot build ${plan.service}`,
    effect: `The previous image was not changed.${where}`,
  });
}

interface Failure {
  /** If the output shows no cause. */
  readonly code: string;
  readonly problem: string;
  readonly effect?: string;
}

/** The failure of an engine: its cause, effect, the end of its output, and the fix. */
export function engineFailure(
  { name }: ContainerCli,
  result: CommandResult,
  { code, problem, effect }: Failure,
): PipelineError {
  // Only the last step counts: an earlier one may have recovered from the same problem.
  const end = lastLines(result, 40);
  const cause = CAUSES.find(({ sign }) => sign.test(end));
  const message = [
    cause ? `${problem}: ${cause.reason(name)}.` : `${problem}.`,
    ...(effect ? [effect] : []),
    'The output ends with:',
    lastLines(result, 20).replace(/^/gm, '  '),
    ...(cause ? [`Fix: ${cause.fix(name)}`] : []),
  ];
  return new PipelineError(cause?.code ?? code, message.join('\n'));
}

/** The log belongs to the last build: a success removes it. */
export async function removeLog(cli: ContainerCli, plan: BuildPlan): Promise<void> {
  await rm(logOf(cli, plan), { force: true });
}

/** Undefined if it cannot be written, for example to a full disk. */
async function writeLog(cli: ContainerCli, { stdout, stderr }: CommandResult, plan: BuildPlan) {
  const log = logOf(cli, plan);
  try {
    await mkdir(plan.outDir, { recursive: true });
    await writeFile(log, `${stdout}${stderr}`);
    return log;
  } catch {
    return undefined;
  }
}
