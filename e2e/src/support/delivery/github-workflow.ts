import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../run';
import {
  type DeliveryPipeline,
  type DeliveryPlatform,
  type DeliveryResult,
  isInstallation,
} from './delivery';
import { type Contexts, interpolate, isTrue } from './workflow-expressions';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string;
  readonly if?: string;
  readonly environment: string;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface WorkflowRun {
  readonly inputs: Readonly<Record<string, string>>;
  /** The variables of the repository on GitHub. */
  readonly vars: Readonly<Record<string, string>>;
  /** The environments on GitHub that have required reviewers. */
  readonly reviewed: readonly string[];
}

/** A role that a job got, for the environment on GitHub that it names. */
export interface AssumedRole {
  readonly environment: string;
  readonly role: string;
  readonly region: string;
}

/** Actions that only the platform has: the checkout is prepared, and caches change no result. */
const simulated = /^actions\/(checkout|setup-node|cache)@/;

interface RunningJob {
  readonly environment: string;
  readonly contexts: Contexts;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly platform: DeliveryPlatform;
}

/** The workflow of GitHub Actions, whose `run` steps are executed; its expressions are evaluated by GitHub's own library. */
export class GithubWorkflow implements DeliveryPipeline {
  readonly assumed: AssumedRole[] = [];
  private readonly jobs: readonly (readonly [string, Job])[];

  constructor(
    private readonly workflow: Workflow,
    private readonly trigger: WorkflowRun,
  ) {
    const jobs = Object.entries(workflow.jobs);
    for (const [index, [name, { needs }]] of jobs.entries()) {
      if (needs && !jobs.slice(0, index).some(([earlier]) => earlier === needs)) {
        throw new Error(`the job ${name} needs ${needs}, which is not before it`);
      }
    }
    this.jobs = jobs;
  }

  static async read(file: string, trigger: WorkflowRun): Promise<GithubWorkflow> {
    return new GithubWorkflow(parse(await readFile(file, 'utf8')) as Workflow, trigger);
  }

  async deliver(commit: string, platform: DeliveryPlatform): Promise<DeliveryResult> {
    const { inputs, vars, reviewed } = this.trigger;
    const contexts = { inputs, vars, github: { sha: commit, run_id: '1' } };
    const began: string[] = [];
    const skipped = new Set<string>();
    let output = '';
    for (const [name, job] of this.jobs) {
      if ((job.needs && skipped.has(job.needs)) || !isTrue(job.if, contexts)) {
        skipped.add(name);
        continue;
      }
      const environment = interpolate(job.environment, contexts);
      if (reviewed.includes(environment) && !(await platform.approve())) {
        return { outcome: 'rejected', began, output };
      }
      began.push(name);
      const cwd = await platform.checkOut(name, commit);
      const env = interpolateAll(this.workflow.env, contexts);
      const ended = await this.runJob(job, { environment, contexts, env, cwd, platform });
      output += ended.output;
      if (ended.code !== 0) return { outcome: 'failed', began, output };
    }
    return { outcome: 'succeeded', began, output };
  }

  private async runJob(job: Job, running: RunningJob) {
    const steps: Record<string, { outputs: Record<string, string> }> = {};
    let output = '';
    for (const step of job.steps) {
      const contexts = { ...running.contexts, env: running.env, steps };
      if (!isTrue(step.if, contexts)) continue;
      if (step.uses) await this.use(step, contexts, running);
      if (step.run === undefined || isInstallation(step.run)) continue;
      const ended = await runStep(step, contexts, running);
      output += `$ ${step.run}\n${ended.output}`;
      if (ended.code !== 0) return { code: ended.code, output };
      if (step.id) steps[step.id] = { outputs: ended.outputs };
    }
    return { code: 0, output };
  }

  private async use(
    { uses = '', with: given = {} }: Step,
    contexts: Contexts,
    { environment, cwd, platform }: RunningJob,
  ): Promise<void> {
    if (simulated.test(uses)) return;
    const inputs = interpolateAll(given, contexts);
    const artifact = join(platform.artifacts, inputs['name'] ?? '');
    const folder = join(cwd, inputs['path'] ?? '');
    switch (uses.split('@')[0]) {
      case 'aws-actions/configure-aws-credentials': {
        const { 'role-to-assume': role = '', 'aws-region': region = '' } = inputs;
        this.assumed.push({ environment, role, region });
        return;
      }
      case 'actions/upload-artifact':
        return cp(folder, artifact, { recursive: true });
      case 'actions/download-artifact':
        return cp(artifact, folder, { recursive: true });
      default:
        throw new Error(`the action ${uses} is not expected`);
    }
  }
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#defaultsrunshell */
async function runStep(step: Step, contexts: Contexts, { env, cwd, platform }: RunningJob) {
  const folder = await mkdtemp(join(tmpdir(), 'step-'));
  const file = (name: string) => join(folder, name);
  await writeFile(file('output'), '');
  await writeFile(file('script'), step.run ?? '');
  const { code, output } = await run('bash', ['-e', file('script')], {
    cwd,
    env: {
      ...env,
      ...interpolateAll(step.env ?? {}, contexts),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
      ...platform.env,
    },
  });
  const lines = (await readFile(file('output'), 'utf8')).split('\n').filter(Boolean);
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s)));
  return { code, output, outputs };
}

const interpolateAll = (
  values: Readonly<Record<string, unknown>>,
  contexts: Contexts,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, interpolate(String(value), contexts)]),
  );
