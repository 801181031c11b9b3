import { CreateRepositoryCommand, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { type Digest, RegistryClient } from '@typerush/oci';
import { FaultProxy } from './fault-proxy';
import { LocalRegistry, type LocalRegistryOptions } from './local-registry';
import { blobsOf, ParcelWorkspace } from './parcel-workspace';
import { type RunResult } from './run';

const repository = ParcelWorkspace.repository;

/** A workspace that pushes, a registry, and a proxy between them. */
export class PushScene {
  /** Blobs that were fetched and verified: once is enough, as nothing removes them. */
  private readonly verified = new Set<string>();

  private constructor(
    readonly parcel: ParcelWorkspace,
    readonly registry: LocalRegistry,
    readonly proxy: FaultProxy,
  ) {}

  static async create(parcel: ParcelWorkspace, options?: LocalRegistryOptions): Promise<PushScene> {
    const registry = await LocalRegistry.start(parcel.copy, {
      // Faults come between two chunks.
      protocol: 'oci',
      ...options,
    });
    await registry.ecr
      .send(new CreateRepositoryCommand({ repositoryName: repository }))
      .catch((error: Error) => {
        if (error.name !== 'RepositoryAlreadyExistsException') throw error;
      });
    const proxy = await FaultProxy.start(`127.0.0.1:${registry.port}`);
    return new PushScene(parcel, registry, proxy);
  }

  async stop(): Promise<void> {
    await this.proxy.stop();
    await this.registry.stop();
  }

  push(engine: string, ...args: string[]): Promise<RunResult> {
    return this.parcel.push(engine, this.proxy.env, ...args);
  }

  async pushOk(engine: string): Promise<string> {
    const { code, output } = await this.push(engine);
    if (code !== 0) throw new Error(output);
    return output;
  }

  /** User and password in one text, as in Docker's config.json. */
  async login(): Promise<string> {
    const { authorizationData } = await this.registry.ecr.send(
      new GetAuthorizationTokenCommand({}),
    );
    return authorizationData?.[0]?.authorizationToken ?? '';
  }

  /** The digests by tag. @throws if an image with a tag is incomplete */
  async tags(name = repository): Promise<Record<string, string>> {
    const [username = '', password = ''] = Buffer.from(await this.login(), 'base64')
      .toString()
      .split(':');
    const client = new RegistryClient({
      host: `127.0.0.1:${this.registry.port}`,
      credentials: () => Promise.resolve({ username, password }),
    });
    const entries: [string, string][] = [];
    for (const [digest, tags] of await this.registry.images(name)) {
      if (tags.length > 0) await requireComplete(client, name, digest as Digest, this.verified);
      entries.push(...tags.map((tag): [string, string] => [tag, digest]));
    }
    return Object.fromEntries(entries.sort());
  }

  /** The blobs of the built image that the registry lacks. */
  async missingBlobs(): Promise<string[]> {
    const authorization = `Basic ${await this.login()}`;
    const { own, base } = blobsOf(await this.parcel.image());
    const missing = [];
    for (const digest of [...own, ...base]) {
      const url = `${this.registry.url}/v2/${repository}/blobs/${digest}`;
      const { status } = await fetch(url, { method: 'HEAD', headers: { authorization } });
      if (status === 404) missing.push(digest);
      else if (status !== 200) throw new Error(`HEAD ${url}: ${status}`);
    }
    return missing.sort();
  }

  /** The blobs of the built image that were sent through the proxy. */
  async sentBlobs(): Promise<string[]> {
    const { own, base } = blobsOf(await this.parcel.image());
    const sent = new Set(this.proxy.finishedBlobs);
    return [...own, ...base].filter((digest) => sent.has(digest)).sort();
  }
}

interface Content {
  readonly config?: { readonly digest: Digest; readonly size: number };
  readonly layers?: readonly { readonly digest: Digest; readonly size: number }[];
}

async function requireComplete(
  client: RegistryClient,
  name: string,
  digest: Digest,
  verified: Set<string>,
): Promise<void> {
  const { bytes } = await client.getManifest(name, digest);
  const { config, layers = [] } = JSON.parse(bytes.toString()) as Content;
  if (!config) throw new Error(`${digest} is not an image`);
  for (const blob of [config, ...layers]) {
    if (verified.has(blob.digest)) continue;
    // Fails at its end if the bytes do not match the digest.
    for await (const _ of await client.getBlob(name, blob)) void _;
    verified.add(blob.digest);
  }
}

/** A message without a stack trace, and an exit code that fails CI. */
export function expectMessage({ code, output }: RunResult, ...parts: (string | RegExp)[]): void {
  for (const part of parts) expect(output).toMatch(part);
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(code).toBeGreaterThan(0);
}
