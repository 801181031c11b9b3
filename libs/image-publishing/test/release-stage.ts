import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  PutAccountSettingCommand,
} from '@aws-sdk/client-ecr';
import {
  EcrImageRecords,
  EcrRepositories,
  type EcrTarget,
  pushDestinations,
  type Repository,
} from '@typerush/ecr-access';
import { EcrLocal, ScanningProxy } from '@typerush/ecr-access/testing';
import { type Environment, tagMutability } from '@typerush/image-registry';
import { RegistryClient } from '@typerush/oci';
import {
  type PipelineEnvironment,
  readEnvironment,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { type Bundle } from '@typerush/service-bundle';
import { imageAttachments } from '../src/attest/image-attachments';
import { scanGate, signatureGate } from '../src/gate/gates';
import {
  promoteService,
  type PromotionOptions,
  type PromotionServices,
} from '../src/promote/promote-service';
import { type PushRecord } from '../src/push/push-record';
import {
  rollbackService,
  type RollbackOptions,
  type RollbackServices,
} from '../src/rollback/rollback-service';
import { EcrImageScans } from '../src/scan/ecr-image-scans';
import { PushStage } from './push-stage';

/** Where each environment is: dev and staging in one registry, prod in another account and region. */
export const places = {
  dev: { account: '111111111111', region: 'ap-southeast-1', repository: 'team-dev/app' },
  staging: { account: '111111111111', region: 'ap-southeast-1', repository: 'team-staging/app' },
  prod: { account: '222222222222', region: 'eu-west-1', repository: 'team-prod/app' },
} as const;

export type Place = keyof typeof places;

export const targetOf = (endpoint: string, place: Place): EcrTarget => ({
  endpoint,
  region: places[place].region,
  credentials: { accessKeyId: places[place].account, secretAccessKey: 'local' },
});

export const bundle: Bundle = {
  main: 'service/main.js',
  packages: [{ name: 'express', version: '4.18.0', license: 'MIT', bytes: 100 }],
  own: [{ path: 'src/main.ts', bytes: 5 }],
  external: [],
  outputs: [],
};

/** A service with three environments in ecr-local, behind a proxy with a scanner. */
export class ReleaseStage {
  static async open(): Promise<ReleaseStage> {
    const ecr = await EcrLocal.start();
    const proxy = await ScanningProxy.start(ecr.target.endpoint ?? '');
    const stage = new ReleaseStage(ecr, proxy, await PushStage.open(0));
    for (const place of ['dev', 'staging', 'prod'] as const) {
      await stage.api(place).send(
        new CreateRepositoryCommand({
          repositoryName: places[place].repository,
          ...(place === 'prod' && {
            imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
            imageTagMutabilityExclusionFilters: tagMutability(
              'prod',
            ).imageTagMutabilityExclusionFilters?.map((filter) => ({ ...filter })),
          }),
        }),
      );
    }
    const setting = { name: 'BLOB_MOUNTING', value: 'ENABLED' } as const;
    await stage.api('dev').send(new PutAccountSettingCommand(setting));
    return stage;
  }

  version = '1.0.0';
  /** Of every environment. */
  signers: ServiceImage['signers'] = [];
  readonly notes: string[] = [];
  private readonly machine: PipelineEnvironment = readEnvironment({});

  private constructor(
    private readonly ecr: EcrLocal,
    readonly proxy: ScanningProxy,
    private readonly stage: PushStage,
  ) {}

  async close(): Promise<void> {
    await this.stage.close();
    await this.proxy.stop();
    await this.ecr.stop();
  }

  /** Without the proxy. */
  api(place: Place): ECRClient {
    return new ECRClient(targetOf(this.ecr.target.endpoint ?? '', place));
  }

  /** The images that tags point to. */
  async tags(place: Place): Promise<Readonly<Record<string, string>>> {
    const { repository: repositoryName } = places[place];
    const command = new DescribeImagesCommand({ repositoryName });
    const { imageDetails = [] } = await this.api(place).send(command);
    return Object.fromEntries(
      imageDetails.flatMap(({ imageTags = [], imageDigest = '' }) =>
        imageTags.map((tag) => [tag, imageDigest] as const),
      ),
    );
  }

  /** As it was pushed. */
  async manifest(place: Place, imageDigest: string): Promise<string | undefined> {
    const { repository: repositoryName } = places[place];
    const command = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] });
    return (await this.api(place).send(command)).images?.[0]?.imageManifest;
  }

  service(place: Place): ServiceImage {
    const { repository } = places[place];
    return { ...this.stage.service(), repository, version: this.version, signers: this.signers };
  }

  destinations(place: Place) {
    const environment: Environment = place;
    return pushDestinations(this.service(place), [], {
      environment,
      target: targetOf(this.proxy.endpoint, place),
      ecr: (target) => new EcrRepositories(target, { project: 'app', environment }),
      credentials: () => () => Promise.resolve(undefined),
    });
  }

  openMissing(place: Place): Promise<Repository> {
    const names = { project: 'app', environment: place };
    return new EcrRepositories(targetOf(this.proxy.endpoint, place), names).find('team/nothing');
  }

  /** Builds an image and pushes it to dev, with its attestations. */
  async push(
    content: string,
    sha: string,
    more: { bundle?: Bundle; dirty?: boolean; movingTags?: boolean } = {},
  ): Promise<PushRecord> {
    await this.stage.build(content, { platforms: ['linux/amd64', 'linux/arm64'] });
    const context = {
      service: this.service('dev'),
      environment: 'dev' as const,
      dockerfile: 'Dockerfile',
      machine: this.machine,
      tool: { name: '@typerush/nx-ecr', version: '0.1.0' },
      now: () => new Date(),
      bundle: more.bundle ?? bundle,
    };
    return this.stage.push({
      sha,
      movingTags: more.movingTags,
      services: {
        destinations: this.destinations('dev'),
        source: () => Promise.resolve({ commit: { sha, dirty: more.dirty ?? false }, tags: {} }),
        attachments: (image, source) => imageAttachments(context, image, source),
      },
    });
  }

  async promote(
    from: Place,
    to: Place,
    options: Partial<PromotionOptions> = {},
    ports: Partial<PromotionServices> = {},
  ) {
    return promoteService(
      { source: this.service(from), target: this.service(to) },
      { from, to, dryRun: false, yes: true, ...options },
      { ...this.promotionPorts(from, to), ...ports },
    );
  }

  promotionPorts(from: Place, to: Place): PromotionServices {
    const [source] = this.destinations(from);
    if (!source) throw new Error('an environment has a destination');
    const target = targetOf(this.proxy.endpoint, from);
    const names = { project: 'app', environment: from };
    const reporter = {
      progress: () => undefined,
      note: (line: string) => void this.notes.push(line),
    };
    const scan = scanGate(
      this.service(to),
      { timeout: 0 },
      {
        scans: new EcrImageScans(target, names),
        wait: () => Promise.resolve(),
        now: Date.now,
        reporter,
      },
    );
    return {
      ...this.commonPorts(to),
      source,
      records: new EcrImageRecords(target, names),
      gates: [scan, signatureGate(this.service(to))],
      reporter,
    };
  }

  async rollback(
    place: Place,
    options: Partial<RollbackOptions> = {},
    ports: Partial<RollbackServices> = {},
  ) {
    const names = { project: 'app', environment: place };
    return rollbackService(
      this.service(place),
      { environment: place, list: false, dryRun: false, yes: true, ...options },
      {
        ...this.commonPorts(place),
        records: new EcrImageRecords(targetOf(this.proxy.endpoint, place), names),
        reporter: { progress: () => undefined, note: (line) => void this.notes.push(line) },
        ...ports,
      },
    );
  }

  private commonPorts(place: Place) {
    return {
      destinations: this.destinations(place),
      client: (repository: ConstructorParameters<typeof RegistryClient>[0]) =>
        new RegistryClient({ ...repository, retry: { retries: 1, minDelayMs: 1, maxDelayMs: 1 } }),
      progress: () => () => undefined,
      prompt: () => Promise.resolve(undefined),
      onInterruption: () => () => undefined,
      now: () => new Date(),
    };
  }
}
