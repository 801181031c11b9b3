import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import {
  createLayer,
  type Descriptor,
  type Digest,
  digestOf,
  MEDIA_TYPE,
  parsePlatform,
} from '@typerush/oci';

interface Content {
  readonly type: string;
  readonly bytes: Buffer;
}

/** A registry with anonymous read access and one base image for several platforms: `base/node:1`. */
export class BaseRegistry {
  readonly requests: string[] = [];
  private readonly contents = new Map<string, Content>();
  private readonly server: Server = createServer(({ method, url = '' }, response) => {
    this.requests.push(`${method} ${url}`);
    this.answer(response, url, method === 'HEAD');
  });

  static async start(platforms: readonly string[]): Promise<BaseRegistry> {
    const registry = new BaseRegistry();
    await registry.publish(platforms);
    await new Promise<void>((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Only the tag `1` exists. */
  reference(tag = '1'): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}/base/node:${tag}`;
  }

  /** Of the index. */
  get digest(): Digest {
    const index = this.contents.get('1');
    if (!index) throw new Error('the base has been published');
    return digestOf(index.bytes);
  }

  private async publish(platforms: readonly string[]): Promise<void> {
    const manifests = [];
    for (const platform of platforms) manifests.push(await this.publishPlatform(platform));
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
    this.put(MEDIA_TYPE.ociIndex, index, '1');
  }

  private async publishPlatform(platform: string): Promise<Descriptor> {
    const content = Buffer.from(`a base for ${platform}\n`);
    const layer = await createLayer([{ path: '/etc/os-release', content }]);
    this.contents.set(layer.descriptor.digest, {
      type: 'application/octet-stream',
      bytes: Buffer.from(layer.bytes),
    });
    const config = this.put(MEDIA_TYPE.ociConfig, {
      ...parsePlatform(platform),
      created: '2026-01-02T03:04:05Z',
      config: { Env: ['PATH=/usr/local/bin:/bin', 'NODE_VERSION=26.0.0'], Cmd: ['node'] },
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
      history: [{ created: '2026-01-02T03:04:05Z', created_by: 'ADD rootfs' }],
    });
    const manifest = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config,
      layers: [layer.descriptor],
    };
    return { ...this.put(MEDIA_TYPE.ociManifest, manifest), platform: parsePlatform(platform) };
  }

  private put(mediaType: string, value: object, tag?: string): Descriptor {
    const bytes = Buffer.from(JSON.stringify(value));
    const digest = digestOf(bytes);
    this.contents.set(digest, { type: mediaType, bytes });
    if (tag) this.contents.set(tag, { type: mediaType, bytes });
    return { mediaType, digest, size: bytes.length };
  }

  private answer(response: ServerResponse, url: string, headOnly: boolean): void {
    const reference = /^\/v2\/base\/node\/(?:manifests|blobs)\/([^/?]+)/.exec(url)?.[1];
    if (reference === undefined) return void response.writeHead(200).end();
    const found = this.contents.get(decodeURIComponent(reference));
    if (!found) {
      const error = { code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' };
      response.writeHead(404).end(headOnly ? undefined : JSON.stringify({ errors: [error] }));
      return;
    }
    const headers = {
      'content-type': found.type,
      'content-length': found.bytes.length,
      'docker-content-digest': digestOf(found.bytes),
    };
    response.writeHead(200, headers).end(headOnly ? undefined : found.bytes);
  }
}
