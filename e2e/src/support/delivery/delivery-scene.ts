import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRepositoryCommand, DescribeImagesCommand } from '@aws-sdk/client-ecr';
import { FaultProxy } from '../fault-proxy';
import { LocalRegistry } from '../local-registry';
import { quietNx, run, type RunResult } from '../run';
import { pathWithAws } from './aws-program';
import { AwsServices } from './aws-services';
import {
  type DeliveredService,
  deliveredServices,
  type DeliveredWorkspace,
} from './delivered-workspace';
import { type DeliveryPipeline, type DeliveryResult } from './delivery';
import { EcsCluster } from './ecs-cluster';

/** What a person sees before the decision, and the decision. */
export type Approval = () => Promise<boolean>;

const firstImage = (service: string) =>
  `000000000000.dkr.ecr.ap-southeast-1.amazonaws.com/typerush/${service}@sha256:${'0'.repeat(64)}`;

/** The account that a pipeline delivers to: ecr-local with scans, and a cluster of ECS. */
export class DeliveryScene {
  private readonly checkouts = new Map<string, string>();

  private constructor(
    private readonly workspace: DeliveredWorkspace,
    private readonly pipeline: DeliveryPipeline,
    private readonly registry: LocalRegistry,
    readonly proxy: FaultProxy,
    readonly ecs: EcsCluster,
    private readonly services: AwsServices,
    private readonly folder: string,
    private readonly path: string,
  ) {}

  static async create(
    workspace: DeliveredWorkspace,
    pipeline: DeliveryPipeline,
  ): Promise<DeliveryScene> {
    const registry = await LocalRegistry.start(workspace.copy);
    for (const service of deliveredServices) {
      const repositoryName = `typerush/${service}`;
      await registry.ecr.send(new CreateRepositoryCommand({ repositoryName }));
    }
    const folder = await mkdtemp(join(tmpdir(), 'delivery-'));
    const images = Object.fromEntries(deliveredServices.map((name) => [name, firstImage(name)]));
    const scene = new DeliveryScene(
      workspace,
      pipeline,
      registry,
      await FaultProxy.start(`127.0.0.1:${registry.port}`),
      await EcsCluster.start('typerush-staging', images),
      await AwsServices.start(),
      folder,
      await pathWithAws(folder),
    );
    await scene.heal();
    return scene;
  }

  async stop(): Promise<void> {
    this.services.stop();
    await this.proxy.stop();
    await this.ecs.stop();
    await this.registry.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Removes all faults; scans find what is passed. */
  async heal(findings: readonly object[] = []): Promise<void> {
    await this.proxy.heal();
    const body = { imageScanStatus: { status: 'COMPLETE' }, imageScanFindings: { findings } };
    this.proxy.refuse({ when: /DescribeImageScanFindings/, status: 200, body });
  }

  async deliver(
    commit: string,
    approve: Approval = () => Promise.resolve(true),
  ): Promise<DeliveryResult> {
    const artifacts = await mkdtemp(join(this.folder, 'artifacts-'));
    return this.pipeline.deliver(commit, {
      approve,
      artifacts,
      env: this.env,
      checkOut: async (job, of) => {
        const folder = this.checkouts.get(job) ?? join(this.folder, job);
        this.checkouts.set(job, folder);
        await this.workspace.checkOut(folder, of);
        return folder;
      },
    });
  }

  /** A person's command in a checkout of the commit. */
  async command(commit: string, ...args: string[]): Promise<RunResult> {
    const cwd = join(this.folder, 'person');
    await this.workspace.checkOut(cwd, commit);
    return run(join(cwd, 'node_modules/.bin/nx'), args, { cwd, env: this.env });
  }

  /** The image that each tag of a service points to. */
  async tags(service: DeliveredService): Promise<Readonly<Record<string, string>>> {
    const command = new DescribeImagesCommand({ repositoryName: `typerush/${service}` });
    const { imageDetails = [] } = await this.registry.ecr.send(command);
    return Object.fromEntries(
      imageDetails.flatMap(({ imageTags = [], imageDigest = '' }) =>
        imageTags.map((tag) => [tag, imageDigest] as const),
      ),
    );
  }

  /** The commit that was delivered last; undefined if there is none. */
  get lastCommit(): string | undefined {
    return this.services.parameters.get('/typerush/staging/registry/last-commit');
  }

  private get env(): Record<string, string | undefined> {
    return {
      ...quietNx,
      PATH: this.path,
      NX_WORKSPACE_DATA_DIRECTORY: undefined,
      AWS_ENDPOINT_URL: `http://${this.proxy.host}`,
      AWS_ENDPOINT_URL_ECS: this.ecs.endpoint,
      ...this.services.env,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_REGION: 'ap-southeast-1',
      AWS_DEFAULT_REGION: 'ap-southeast-1',
    };
  }
}
