import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Shell } from '../shell';
import {
  type DeliveryPipeline,
  type DeliveryPlatform,
  type DeliveryResult,
  isInstallation,
} from './delivery';

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

interface Action {
  readonly Name: string;
  readonly ActionTypeId: { readonly Provider: string };
  readonly InputArtifacts?: readonly { readonly Name: string }[];
  readonly OutputArtifacts?: readonly { readonly Name: string }[];
  readonly Configuration: Readonly<Record<string, string>>;
}

interface Stage {
  readonly Name: string;
  readonly Actions: readonly Action[];
}

interface Project {
  readonly Name: string;
  readonly Source: { readonly BuildSpec: string };
  readonly Environment: {
    readonly EnvironmentVariables: readonly { readonly Name: string; readonly Value: string }[];
  };
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
interface Buildspec {
  readonly env: { readonly shell: string; readonly variables: Readonly<Record<string, string>> };
  readonly phases: Readonly<Record<string, { readonly commands: readonly string[] }>>;
  readonly artifacts?: { readonly 'base-directory': string; readonly files: readonly string[] };
}

/**
 * The AWS CodePipeline of synthesized templates. Its actions of CodeBuild run the commands of their buildspec; the source and
 * the approval, which only AWS has, are simulated.
 */
export class CodePipeline implements DeliveryPipeline {
  private builds = 0;

  private constructor(
    private readonly stages: readonly Stage[],
    private readonly projects: readonly Project[],
  ) {}

  /** @param folder Of the templates of an environment. */
  static async read(folder: string): Promise<CodePipeline> {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.template.json'));
    const templates = await Promise.all(
      files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8'))),
    );
    const resources = templates.flatMap(({ Resources }) => Object.values<Resource>(Resources));
    const ofType = (type: string) =>
      resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
    const [pipeline] = ofType('AWS::CodePipeline::Pipeline');
    if (!pipeline) throw new Error(`no template in ${folder} has a pipeline`);
    const projects = ofType('AWS::CodeBuild::Project') as unknown as Project[];
    return new CodePipeline(pipeline['Stages'] as Stage[], projects);
  }

  async deliver(commit: string, platform: DeliveryPlatform): Promise<DeliveryResult> {
    const began: string[] = [];
    let output = '';
    for (const { Name, Actions } of this.stages) {
      began.push(Name);
      for (const action of Actions) {
        const ended = await this.run(action, commit, platform);
        output += ended.output;
        if (ended.outcome !== 'succeeded') return { outcome: ended.outcome, began, output };
      }
    }
    return { outcome: 'succeeded', began, output };
  }

  private async run(
    action: Action,
    commit: string,
    platform: DeliveryPlatform,
  ): Promise<Omit<DeliveryResult, 'began'>> {
    const { Provider } = action.ActionTypeId;
    switch (Provider) {
      case 'CodeStarSourceConnection':
        return { outcome: 'succeeded', output: '' };
      case 'Manual':
        return { outcome: (await platform.approve()) ? 'succeeded' : 'rejected', output: '' };
      case 'CodeBuild':
        return this.build(action, commit, platform);
      default:
        throw new Error(`an action of ${Provider} is not expected`);
    }
  }

  private async build(
    action: Action,
    commit: string,
    platform: DeliveryPlatform,
  ): Promise<Omit<DeliveryResult, 'began'>> {
    const { ProjectName = '', PrimarySource = 'Source' } = action.Configuration;
    const project = this.projects.find(({ Name }) => Name === ProjectName);
    if (!project) throw new Error(`no template has the project ${ProjectName}`);
    const cwd = await platform.checkOut(action.Name, commit);
    const buildspec = parse(
      await readFile(join(cwd, project.Source.BuildSpec), 'utf8'),
    ) as Buildspec;
    const artifact = (name: string) => join(platform.artifacts, name);
    const inputs = (action.InputArtifacts ?? []).filter(({ Name }) => Name !== PrimarySource);
    this.builds += 1;
    const env = {
      ...buildspec.env.variables,
      ...Object.fromEntries(
        project.Environment.EnvironmentVariables.map(({ Name, Value }) => [Name, Value]),
      ),
      // https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
      ...Object.fromEntries(
        inputs.map(({ Name }) => [`CODEBUILD_SRC_DIR_${Name}`, artifact(Name)]),
      ),
      CODEBUILD_BUILD_ID: `${ProjectName}:${this.builds}`,
      CODEBUILD_BUILD_NUMBER: String(this.builds),
      CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
      ...platform.env,
    };
    const ended = await runPhases(buildspec, { cwd, env });
    const [output] = action.OutputArtifacts ?? [];
    const { artifacts } = buildspec;
    if (ended.outcome === 'succeeded' && output && artifacts) {
      if (String(artifacts.files) !== '**/*') throw new Error('all files are expected');
      await cp(join(cwd, artifacts['base-directory']), artifact(output.Name), { recursive: true });
    }
    return ended;
  }
}

/** One shell for all commands, as version 0.2 of a buildspec has it. The first that fails ends the build. */
async function runPhases(
  { phases }: Buildspec,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<Omit<DeliveryResult, 'began'>> {
  const shell = new Shell(options);
  let output = '';
  try {
    for (const command of Object.values(phases).flatMap(({ commands }) => commands)) {
      if (isInstallation(command)) continue;
      const ended = await shell.run(command);
      output += `$ ${command}\n${ended.output}`;
      if (ended.code !== 0) return { outcome: 'failed', output };
    }
    return { outcome: 'succeeded', output };
  } finally {
    await shell.close();
  }
}
