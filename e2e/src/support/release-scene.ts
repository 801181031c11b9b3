import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  type ImageDetail,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import { FaultProxy } from './fault-proxy';
import { LocalRegistry } from './local-registry';
import { type ParcelWorkspace } from './parcel-workspace';
import { exitCode, launch, run, type RunResult } from './run';

/** Each environment has an account and a region, and a profile of its name. */
const places = {
  dev: { account: '111111111111', region: 'ap-southeast-1' },
  staging: { account: '222222222222', region: 'eu-west-1' },
  prod: { account: '222222222222', region: 'eu-west-1' },
} as const;

export type Place = keyof typeof places;

/** Runs an executor of the compiled plugin, without the start of Nx. */
const runner = `
const [target, options] = process.argv.slice(2);
const root = process.cwd();
const folder = root + '/tools/nx-ecr/node_modules/.compiled/dist/targets/';
const parcel = { root: 'apps/parcel', targets: {} };
const context = {
  root,
  projectName: 'parcel',
  targetName: target,
  projectsConfigurations: { version: 2, projects: { parcel } },
};
require(folder + target + '/executor').default(JSON.parse(options), context).then(({ success }) => {
  process.exitCode = success ? 0 : 1;
});
`;

/** A service with environments in two accounts and regions of ecr-local, behind a proxy that answers scans. */
export class ReleaseScene {
  private constructor(
    readonly parcel: ParcelWorkspace,
    private readonly registry: LocalRegistry,
    readonly proxy: FaultProxy,
    private readonly folder: string,
  ) {}

  static async create(parcel: ParcelWorkspace): Promise<ReleaseScene> {
    const registryFile = { namespace: 'team', naming: 'per-environment', gates: { dev: ['scan'] } };
    await parcel.write('registry.json', JSON.stringify(registryFile));
    await parcel.copy.commit('chore: name repositories by environment');
    const registry = await LocalRegistry.start(parcel.copy);
    const proxy = await FaultProxy.start(`127.0.0.1:${registry.port}`);
    const folder = await mkdtemp(join(tmpdir(), 'release-'));
    const scene = new ReleaseScene(parcel, registry, proxy, folder);
    const profiles = Object.entries(places).map(
      ([name, { account, region }]) =>
        `[profile ${name}]\nregion=${region}\naws_access_key_id=${account}\naws_secret_access_key=local\n`,
    );
    await writeFile(join(folder, 'config'), profiles.join('\n'));
    await writeFile(join(folder, 'release.cjs'), runner);
    for (const place of ['dev', 'staging', 'prod'] as const) {
      const repositoryName = `team-${place}/parcel`;
      await scene.api(place).send(new CreateRepositoryCommand({ repositoryName }));
    }
    await scene.heal();
    return scene;
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.registry.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Removes all faults; scans find nothing. */
  async heal(
    scan: object = { status: 'COMPLETE' },
    findings: readonly object[] = [],
  ): Promise<void> {
    await this.proxy.heal();
    const body = { imageScanStatus: scan, imageScanFindings: { findings } };
    this.proxy.refuse({ when: /DescribeImageScanFindings/, status: 200, body });
  }

  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: `http://${this.proxy.host}`,
      AWS_CONFIG_FILE: join(this.folder, 'config'),
      AWS_PROFILE: 'dev',
    };
  }

  /** `nx run parcel:<target>` */
  nx(target: string, ...args: string[]): Promise<RunResult> {
    return this.parcel.copy.nx(['run', `parcel:${target}`, ...args], this.env);
  }

  async nxOk(target: string, ...args: string[]): Promise<string> {
    const { code, output } = await this.nx(target, ...args);
    if (code !== 0) throw new Error(output);
    return output;
  }

  /** The executor of a target, in its own process. */
  execute(target: string, options: object): Promise<RunResult> {
    return run(process.execPath, this.command(target, options), this.options);
  }

  /** Kills the executor before it sends that request. */
  async kill(target: string, options: object, beforeRequest: number): Promise<void> {
    const child = launch(process.execPath, this.command(target, options), this.options);
    child.stdout?.resume();
    child.stderr?.resume();
    this.proxy.beforeRequest(beforeRequest, () => child.kill('SIGKILL'));
    await exitCode(child);
  }

  private command(target: string, options: object): string[] {
    return [join(this.folder, 'release.cjs'), target, JSON.stringify(options)];
  }

  private get options() {
    return { cwd: this.parcel.copy.root, env: { ...this.parcel.copy.env, ...this.env } };
  }

  async images(place: Place): Promise<readonly ImageDetail[]> {
    const command = new DescribeImagesCommand({ repositoryName: `team-${place}/parcel` });
    return (await this.api(place).send(command)).imageDetails ?? [];
  }

  async tags(place: Place): Promise<Record<string, string>> {
    return Object.fromEntries(
      (await this.images(place)).flatMap(({ imageTags = [], imageDigest = '' }) =>
        imageTags.map((tag) => [tag, imageDigest] as const),
      ),
    );
  }

  /** The types of what is attached to an image, but for the records of releases. */
  async attached(place: Place, digest: string): Promise<string[]> {
    return (await this.images(place))
      .filter(({ subjectManifestDigest }) => subjectManifestDigest === digest)
      .map(({ artifactMediaType = '' }) => artifactMediaType)
      .filter((type) => !type.includes('release'))
      .sort();
  }

  async remove(place: Place, digests: readonly string[]): Promise<void> {
    if (digests.length === 0) return;
    const imageIds = digests.map((imageDigest) => ({ imageDigest }));
    const request = { repositoryName: `team-${place}/parcel`, imageIds };
    await this.api(place).send(new BatchDeleteImageCommand(request));
  }

  /** Points a tag to an image that exists. */
  async retag(place: Place, imageTag: string, imageDigest: string): Promise<void> {
    const repositoryName = `team-${place}/parcel`;
    const get = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] });
    const imageManifest = (await this.api(place).send(get)).images?.[0]?.imageManifest;
    const put = new PutImageCommand({ repositoryName, imageTag, imageManifest });
    await this.api(place)
      .send(put)
      .catch((error: Error) => {
        if (error.name !== 'ImageAlreadyExistsException') throw error;
      });
  }

  private api(place: Place): ECRClient {
    const { account, region } = places[place];
    const credentials = { accessKeyId: account, secretAccessKey: 'local' };
    return new ECRClient({ endpoint: this.registry.url, region, credentials });
  }
}
