import { type Digest, digestOf } from '../src/digest';
import { OciError } from '../src/errors';
import { type Descriptor, parseManifest } from '../src/manifest';
import {
  type Content,
  type ContentStore,
  type Manifest,
  type PushOutcome,
  readContent,
} from '../src/content/content-store';

/** Images in memory. */
export class MemoryStore implements ContentStore {
  readonly name = 'memory';
  readonly checksReferences = false;
  private readonly contents = new Map<Digest, Manifest>();
  private readonly tags = new Map<string, Descriptor>();

  async resolve(reference: string): Promise<Descriptor | undefined> {
    return this.tags.get(reference) ?? this.contents.get(reference as Digest)?.descriptor;
  }

  async exists({ digest }: Descriptor): Promise<boolean> {
    return this.contents.has(digest);
  }

  async fetch({ digest }: Descriptor): Promise<Content> {
    const found = this.contents.get(digest);
    if (found) return found.bytes;
    throw new OciError('BLOB_MISSING', `Not in memory: ${digest}.`);
  }

  async referrers(subject: Digest): Promise<readonly Descriptor[]> {
    return [...this.contents.values()].flatMap(({ descriptor, bytes }) =>
      parseManifest(bytes)?.subject?.digest === subject ? [descriptor] : [],
    );
  }

  async push(descriptor: Descriptor, source: () => Promise<Content>): Promise<PushOutcome> {
    if (this.contents.has(descriptor.digest)) return 'present';
    const bytes = await readContent(await source());
    const found = digestOf(bytes);
    if (found !== descriptor.digest) {
      throw new OciError('DIGEST_MISMATCH', `Damaged content: ${descriptor.digest} is ${found}.`);
    }
    this.contents.set(descriptor.digest, { descriptor, bytes });
    return 'uploaded';
  }

  async tag({ descriptor, bytes }: Manifest, tag: string): Promise<void> {
    await this.push(descriptor, async () => bytes);
    this.tags.set(tag, descriptor);
  }
}
