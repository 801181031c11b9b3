import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { BenchError } from './bench-error';
import { Docker } from './docker';
import { endProcesses } from './end-processes';
import { measureAllGrowth } from './growth/growth';
import { type Growth } from './growth/measure-growth';
import { parseOptions } from './options';
import { type Bench, measureWays } from './phases';
import { Registry } from './registry';
import { beyondNxStart, describe, ratios } from './report';
import { Runner } from './runner';
import { type Setting } from './ways/way';
import { createWays } from './ways/ways';
import { cleanEnvironment } from './workspace-copy';

const workspaceRoot = path.join(__dirname, '../../../..');
const log = (message: string) => process.stderr.write(`${message}\n`);

/** Undoes steps at the end, last first, even if an earlier step failed. */
class CleanUp {
  private readonly steps: { readonly name: string; readonly undo: () => Promise<unknown> }[] = [];

  constructor(private readonly onFailure: (message: string) => void) {}

  add(name: string, undo: () => Promise<unknown>): void {
    this.steps.push({ name, undo });
  }

  async run(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      await step.undo().catch((error: unknown) => {
        this.onFailure(`cannot ${step?.name}: ${error instanceof Error ? error.message : error}`);
      });
    }
  }
}

const needed = [
  ['git', ['--version'], 'git'],
  ['aws', ['--version'], 'the AWS CLI, for `docker login` (Debian: awscli)'],
  ['docker', ['info', '--format', '{{.ServerVersion}}'], 'a Docker client and a running daemon'],
  ['busybox', ['true'], 'busybox, for the shell of the base image (Debian: busybox-static)'],
] as const;

/** The Dockerfiles have `RUN --mount`: clients before 23.0 have BuildKit, later ones in a plugin. */
async function hasBuildKit(runner: Runner): Promise<boolean> {
  const output = async (...args: string[]) =>
    (await runner.attempt({ label: 'docker', file: 'docker', args, cwd: '/' })).stdout;
  try {
    if (/buildx/.test(await output('buildx', 'version'))) return true;
    const major = parseInt(await output('version', '--format', '{{.Client.Version}}'), 10);
    return major < 23;
  } catch {
    return false;
  }
}

/** @throws BenchError `MISSING` that lists everything that is missing */
async function checkMachine(runner: Runner, workspaceRoot: string): Promise<void> {
  const missing: string[] = [];
  if (process.platform !== 'linux')
    missing.push('Linux, because processor time is read from /proc');
  for (const [file, args, what] of needed) {
    const found = await runner
      .attempt({ label: file, file, args, cwd: '/' })
      .catch(() => undefined);
    if (found?.code !== 0) missing.push(what);
  }
  if (!(await hasBuildKit(runner)))
    missing.push('a Docker client with BuildKit: its buildx plugin (Debian: docker-buildx)');
  const nx = path.join(workspaceRoot, 'node_modules/.bin/nx');
  await access(nx, constants.X_OK).catch(() =>
    missing.push('the packages of this workspace: npm ci'),
  );
  if (missing.length === 0) return;
  throw new BenchError(
    'MISSING',
    `bench:ship cannot start. Missing:\n${missing.map((each) => `  ${each}\n`).join('')}`,
  );
}

async function main(signal: AbortSignal, cleanUp: CleanUp): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const setting = await prepare(signal, cleanUp);
  const { run, runner, registry } = setting;
  const bench: Bench = { runner, mark: run, proxy: registry.proxy, registry, log };
  const ways = await measureWays(bench, await createWays(setting, options), options.rounds);
  const growth: Growth[] = [];
  try {
    await measureAllGrowth(setting, bench, options, growth);
  } finally {
    // Results so far are printed even after a failure.
    const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
    process.stdout.write(describe(ways, growth));
    const { rounds } = options;
    const compared = { ratios: ratios(ways), beyondNxStart: beyondNxStart(ways) };
    const result = { machine, rounds, ways, ...compared, growth };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
}

/** Creates what all ways share: a folder, an environment, a registry, and the base image in it and in Docker. */
async function prepare(signal: AbortSignal, cleanUp: CleanUp): Promise<Setting> {
  const run = randomBytes(4).toString('hex');
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-ship-'));
  cleanUp.add('remove its folder', () =>
    rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  );
  const env = {
    ...cleanEnvironment(process.env, run),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    DOCKER_CONFIG: path.join(folder, 'docker'),
  };
  const runner = new Runner(env, signal);
  await checkMachine(runner, workspaceRoot);
  cleanUp.add('end its processes', () => endProcesses(run));

  const docker = await Docker.connect(runner.unstoppable());
  cleanUp.add('empty its build cache', () => docker.pruneBuildCache());
  const registry = await Registry.start(workspaceRoot, process.env['PATH'] ?? '');
  cleanUp.add('stop its registry', () => registry.stop());
  cleanUp.add('remove its images', () =>
    docker.removeImages(run, [`bench-${run}`, `${registry.host}/`]),
  );
  log('creating the base image');
  await docker.login(registry.host, await registry.password());
  await registry.createRepository(`bench-${run}/node`);
  const base = `${registry.host}/bench-${run}/node:26-alpine`;
  await docker.pushBase(base, folder);
  return { run, workspaceRoot, folder, runner, registry, base };
}

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => controller.abort(new BenchError('STOPPED', `stopped by ${signal}`)));
}
const cleanUp = new CleanUp(log);
void main(controller.signal, cleanUp)
  .catch((error: unknown) => {
    process.exitCode = 1;
    log(error instanceof BenchError ? error.message : String((error as Error).stack ?? error));
  })
  .finally(() => {
    log('cleaning up');
    return cleanUp.run();
  });
