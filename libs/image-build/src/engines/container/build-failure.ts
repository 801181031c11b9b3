import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lastLines, type CommandResult } from '@typerush/child-process';
import { PipelineError } from '@typerush/pipeline-context';
import { type BuildPlan } from '../image-engine';
import { type ContainerCli } from './container-cli';

/** What npm and resolvers say when they find no way out. */
const OFFLINE =
  /EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|[Tt]emporary failure in name resolution/;

interface Cause {
  readonly code: string;
  readonly sign: RegExp;
  readonly says: (name: ContainerCli['name']) => string;
}

/** In this order, what a builder's output is looked through for. */
const CAUSES: readonly Cause[] = [
  {
    code: 'BUILD_DISK_FULL',
    sign: /no space left on device|disk quota exceeded/i,
    says: (name) =>
      `${name} has no room left for images and layers. Make some, for instance with "${name} system prune", and build again.`,
  },
  {
    code: 'DOCKERFILE_INVALID',
    sign: /dockerfile parse error|unknown instruction|parsing main Dockerfile|Error response from daemon: Dockerfile/i,
    says: (name) => `${name} cannot read the Dockerfile.`,
  },
  {
    code: 'COPY_SOURCE_MISSING',
    sign: /failed to calculate checksum of ref|failed to compute cache key|COPY failed|copier: stat|(?:COPY|ADD)\b.*no such file or directory|building at STEP "(?:COPY|ADD)/i,
    says: () => 'A COPY of the Dockerfile finds no source. Does the build before it write there?',
  },
  {
    code: 'BASE_UNAVAILABLE',
    sign: /manifest unknown|pull access denied|failed to resolve source metadata|failed to solve with frontend.*not found|creating build container.*(?:pull|initializing source)|toomanyrequests|no match(?:ing)? (?:manifest|for platform)/i,
    says: (name) =>
      `${name} cannot pull the base image. Can it reach that registry, and is it logged in?`,
  },
  {
    code: 'BUILD_OFFLINE',
    sign: OFFLINE,
    says: () =>
      'The build finds no way to the network. Does this machine have one, and does it need a proxy?',
  },
  {
    code: 'EMULATION_MISSING',
    sign: /exec format error|exec user process caused/i,
    says: () =>
      'A RUN for another platform needs its emulation (https://docs.docker.com/go/qemu/), or a stage FROM --platform=$BUILDPLATFORM.',
  },
  {
    code: 'ENGINE_STORAGE',
    sign: /not enough IDs available|insufficient UIDs or GIDs|subuid|subgid|kernel does not support overlay fs|mount_program|overlay.*not supported/i,
    says: (name) =>
      `${name} cannot store images for this user. Give it a range in /etc/subuid and /etc/subgid, then run "${name} system migrate".`,
  },
];

export const isOffline = ({ stdout, stderr }: CommandResult): boolean =>
  OFFLINE.test(stdout) || OFFLINE.test(stderr);

const logOf = (cli: ContainerCli, plan: BuildPlan) =>
  path.join(plan.outDir, `${cli.name}-build.log`);

/** The end of the output tells which step failed; why, often only the whole of it does. */
export async function buildFailure(
  cli: ContainerCli,
  result: CommandResult,
  plan: BuildPlan,
): Promise<PipelineError> {
  const log = await keepLog(cli, result, plan);
  const where = log ? ` Its whole output is in ${path.relative(plan.workspaceRoot, log)};` : '';
  return engineFailure(cli, result, {
    code: 'BUILD_FAILED',
    problem: `${cli.name} could not build ${plan.service}.`,
    consequence: `Nothing that was built before has changed.${where} It ends with:`,
  });
}

interface Failure {
  /** Unless the output tells better. */
  readonly code: string;
  readonly problem: string;
  readonly consequence?: string;
}

/** What went wrong in an engine, by what it said. */
export function engineFailure(
  cli: ContainerCli,
  result: CommandResult,
  { code, problem, consequence }: Failure,
): PipelineError {
  const cause = causeOf(result);
  const sentences = [problem, cause?.says(cli.name), consequence].filter(Boolean).join(' ');
  const said = lastLines(result, 20).replace(/^/gm, '  ');
  return new PipelineError(cause?.code ?? code, `${sentences}\n${said}`);
}

/** A log tells about the last build: it goes when one succeeds. */
export async function forgetLog(cli: ContainerCli, plan: BuildPlan): Promise<void> {
  await rm(logOf(cli, plan), { force: true });
}

/** The last step's words decide: an earlier one may have met the same trouble and gone on. */
function causeOf(result: CommandResult): Cause | undefined {
  const end = lastLines(result, 40);
  return CAUSES.find(({ sign }) => sign.test(end));
}

/** undefined when there is no room for it either. */
async function keepLog(cli: ContainerCli, { stdout, stderr }: CommandResult, plan: BuildPlan) {
  const log = logOf(cli, plan);
  try {
    await mkdir(plan.outDir, { recursive: true });
    await writeFile(log, `${stdout}${stderr}`);
    return log;
  } catch {
    return undefined;
  }
}
