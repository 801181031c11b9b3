import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type EcrTarget, type PushDestination } from '@typerush/ecr-access';
import {
  type Environment,
  type TagMutabilitySetting,
  type TagSource,
} from '@typerush/image-registry';
import { digestOf, RegistryClient } from '@typerush/oci';
import { MemoryRegistry } from '@typerush/oci/testing';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type Bundle } from '@typerush/service-bundle';
import { type Attachment } from '../src/attest/attachment';
import { type PushRecord } from '../src/push/push-record';
import { pushService, type PushServices } from '../src/push/push-service';
import { buildSample } from './built-sample';

interface PushCase {
  readonly environment?: Environment;
  readonly sha?: string;
  readonly at?: string;
  readonly source?: TagSource;
  readonly tags?: readonly string[];
  readonly movingTags?: boolean;
  readonly dryRun?: boolean;
  readonly config?: Partial<ServiceImage['config']>;
  readonly services?: Partial<PushServices>;
}

const time = '2026-11-21T10:00:00Z';
const repositoryPath = 'team/app';

/** A service, registries in memory, and pushes to them. */
export class PushStage {
  static async open(registries = 1): Promise<PushStage> {
    const outDir = await mkdtemp(path.join(tmpdir(), 'push-'));
    const stage = new PushStage(outDir);
    for (let count = 0; count < registries; count++) {
      const registry = new MemoryRegistry();
      await registry.start();
      stage.registries.push(registry);
    }
    return stage;
  }

  readonly registries: MemoryRegistry[] = [];
  readonly notes: string[] = [];
  mutability: TagMutabilitySetting = { imageTagMutability: 'MUTABLE' };
  /** The indexes of the destinations whose repository does not exist. */
  readonly missing = new Set<number>();
  attachments: readonly Attachment[] = [];
  /** Of the destinations; undefined for other registries than ECR. */
  ecr: EcrTarget | undefined = {};
  gates: ServiceImage['gates'] = [];

  private constructor(readonly outDir: string) {}

  async close(): Promise<void> {
    for (const registry of this.registries) await registry.stop();
    await rm(this.outDir, { recursive: true });
  }

  get registry(): MemoryRegistry {
    const [first] = this.registries;
    if (!first) throw new Error('there is a registry');
    return first;
  }

  build(content: string, more: Omit<Parameters<typeof buildSample>[1], 'content'> = {}) {
    return buildSample(this.outDir, { content, ...more });
  }

  async push(pushCase: PushCase = {}): Promise<PushRecord> {
    return (await this.report(pushCase)).data as PushRecord;
  }

  async report({
    environment = 'dev',
    sha = 'abcdef0',
    at = time,
    source = {},
    tags = [],
    movingTags,
    dryRun = false,
    config = {},
    services = {},
  }: PushCase = {}) {
    return pushService(
      this.service(config),
      { environment, tags, movingTags, dryRun },
      {
        destinations: this.registries.map((registry, index) => this.destination(registry, index)),
        client: (repository) =>
          new RegistryClient({
            ...repository,
            retry: { retries: 1, minDelayMs: 1, maxDelayMs: 1 },
          }),
        source: () => Promise.resolve({ commit: { sha, dirty: false }, tags: source }),
        attachments: () => Promise.resolve(this.attachments),
        bundle: () => Promise.resolve(undefined),
        layersOfBase: () => () => Promise.reject(new Error('the layout is complete')),
        siblings: () => Promise.resolve([]),
        progress: () => () => undefined,
        gates: [],
        uploadGates: [],
        now: () => new Date(at),
        reporter: { progress: () => undefined, note: (line) => void this.notes.push(line) },
        ...services,
      },
    );
  }

  async file(name: string): Promise<string> {
    return readFile(path.join(this.outDir, name), 'utf8');
  }

  async json(name: string): Promise<unknown> {
    return JSON.parse(await this.file(name));
  }

  private destination(registry: MemoryRegistry, index: number): PushDestination {
    const { host } = registry;
    return {
      name: `place-${index + 1}`,
      ecr: this.ecr,
      open: async () => {
        if (this.missing.has(index)) throw new PipelineError('REPOSITORY_MISSING', 'not there');
        return {
          name: repositoryPath,
          uri: `${host}/${repositoryPath}`,
          host,
          path: repositoryPath,
          credentials: () => Promise.resolve({ username: 'AWS', password: registry.secret }),
          mutability: this.mutability,
        };
      },
      siblings: () => [],
    };
  }

  service(config: Partial<ServiceImage['config']> = {}): ServiceImage {
    return {
      project: 'app',
      workspaceRoot: this.outDir,
      projectRoot: 'apps/app',
      config: {
        repository: 'app',
        retention: 'environment',
        port: 3000,
        health: '/',
        platforms: ['linux/amd64'],
        ...config,
      },
      namespace: 'team',
      repository: repositoryPath,
      destinations: [],
      gates: this.gates,
      baseMirrors: {},
      insecureRegistries: [],
      version: '1.2.3',
      source: 'https://github.com/team/app',
      outDir: this.outDir,
    };
  }
}

export const attachment = (kind: Attachment['kind'], text: string): Attachment => ({
  kind,
  artifactType: `application/x-${kind}`,
  annotations: { of: digestOf(kind) },
  content: () => Promise.resolve(Buffer.from(text)),
});

export const bundleOf = (packages: Record<string, number>): Bundle => ({
  main: 'service/main.js',
  packages: Object.entries(packages).map(([name, bytes]) => ({ name, version: '1.0.0', bytes })),
  own: [],
  external: [],
  outputs: [],
});

export const failureOf = async (push: Promise<unknown>) =>
  (await push.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )) as Error & { code?: string };
