/** One image (or index, or artifact) as it is kept. Its manifest's bytes and its layers lie in the blob store. */
export interface StoredImage {
  readonly digest: string;
  readonly mediaType: string;
  /** The config's media type, or the artifactType of an OCI 1.1 artifact. */
  readonly artifactType?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** Bytes of the manifest itself. */
  readonly manifestSize: number;
  /** As ECR counts: config and compressed layers; of an index, its largest child. */
  readonly size: number;
  /** ISO 8601, as every date that is kept. */
  readonly pushedAt: string;
  readonly tags: readonly string[];
  /** Digests of the config and the layers. */
  readonly blobs: readonly string[];
  /** Digests of the manifests that an index lists. */
  readonly children: readonly string[];
  readonly subject?: string | undefined;
  /** Absent unless it was in the archive. */
  readonly archive?: { readonly archivedAt: string; readonly activatedAt?: string } | undefined;
  /** One for each registry that the image is or was copied to. */
  readonly replications?: readonly ImageReplication[] | undefined;
}

/** A part of the image, so that what a kill interrupts is known at the next start, and forgotten with the image. */
export interface ImageReplication {
  readonly registryId: string;
  readonly region: string;
  readonly status: 'IN_PROGRESS' | 'COMPLETE' | 'FAILED';
  readonly failureCode?: string;
  /** Tags that are still to be copied. */
  readonly waitingTags?: readonly string[];
}

const none: readonly string[] = [];

/** Images by digest and by tag; none of it takes time that grows with their number. */
export interface ImageView {
  get(digest: string): StoredImage | undefined;
  tagged(tag: string): StoredImage | undefined;
  /** The manifest lists that refer to the image. */
  listsOf(digest: string): StoredImage[];
}

/** A change of one image: `undefined` removes it. */
export type ImageChange = readonly [digest: string, image: StoredImage | undefined];

/** The images of a repository, in the order in which they came. */
export class Images implements ImageView {
  private readonly byDigest = new Map<string, StoredImage>();
  private readonly byTag = new Map<string, string>();
  private readonly listsByChild = new Index();
  private readonly bySubject = new Index();
  private readonly pulls = new Map<string, string>();
  private readonly types = new Map<string, string>();

  get size(): number {
    return this.byDigest.size;
  }

  values(): StoredImage[] {
    return [...this.byDigest.values()];
  }

  get(digest: string): StoredImage | undefined {
    return this.byDigest.get(digest);
  }

  tagged(tag: string): StoredImage | undefined {
    const digest = this.byTag.get(tag);
    return digest === undefined ? undefined : this.byDigest.get(digest);
  }

  tags(): string[] {
    return [...this.byTag.keys()];
  }

  listsOf(digest: string): StoredImage[] {
    return this.all(this.listsByChild.get(digest));
  }

  /** The images that have it as their subject, present or not. */
  referrersOf(subject: string): StoredImage[] {
    return this.all(this.bySubject.get(subject));
  }

  lastPull(digest: string): string | undefined {
    return this.pulls.get(digest);
  }

  recordPull(digest: string, at: string): void {
    if (this.byDigest.has(digest)) this.pulls.set(digest, at);
  }

  /** Every recorded pull: digest and date. */
  recordedPulls(): [string, string][] {
    return [...this.pulls];
  }

  /** The changes of one draft, whose tags are on one image each. */
  apply(changes: Iterable<ImageChange>): void {
    const all = [...changes];
    for (const [digest] of all) this.unlink(digest);
    for (const [digest, image] of all) {
      if (image) this.link(image);
      else {
        this.byDigest.delete(digest);
        this.pulls.delete(digest);
      }
    }
  }

  private unlink(digest: string): void {
    const image = this.byDigest.get(digest);
    if (!image) return;
    for (const tag of image.tags) if (this.byTag.get(tag) === digest) this.byTag.delete(tag);
    for (const child of image.children) this.listsByChild.remove(child, digest);
    if (image.subject !== undefined) this.bySubject.remove(image.subject, digest);
  }

  private link(image: StoredImage): void {
    const { digest } = image;
    this.byDigest.set(digest, this.shared(image));
    for (const tag of image.tags) this.byTag.set(tag, digest);
    for (const child of image.children) this.listsByChild.add(child, digest);
    if (image.subject !== undefined) this.bySubject.add(image.subject, digest);
  }

  /** With one copy for all images of what most of them have in common: a third of their memory. */
  private shared(image: StoredImage): StoredImage {
    return {
      ...image,
      mediaType: this.sharedType(image.mediaType),
      artifactType: image.artifactType && this.sharedType(image.artifactType),
      tags: image.tags.length > 0 ? image.tags : none,
      children: image.children.length > 0 ? image.children : none,
    };
  }

  private sharedType(type: string): string {
    const known = this.types.get(type);
    if (known === undefined) this.types.set(type, type);
    return known ?? type;
  }

  private all(digests: Iterable<string>): StoredImage[] {
    return [...digests].flatMap((digest) => this.byDigest.get(digest) ?? []);
  }
}

/** Digests by a digest that they refer to. */
class Index {
  /** Made with its first entry: few repositories have any. */
  private sets: Map<string, Set<string>> | undefined;

  get(key: string): Iterable<string> {
    return this.sets?.get(key) ?? [];
  }

  add(key: string, digest: string): void {
    this.sets ??= new Map();
    this.sets.set(key, (this.sets.get(key) ?? new Set()).add(digest));
  }

  remove(key: string, digest: string): void {
    const set = this.sets?.get(key);
    set?.delete(digest);
    if (set?.size === 0) this.sets?.delete(key);
  }
}

/** Images with changes that are not applied yet: what is written first and seen afterwards. */
export class ImageDraft implements ImageView {
  private readonly changed = new Map<string, StoredImage | undefined>();
  private readonly retagged = new Map<string, string | undefined>();

  constructor(private readonly base: ImageView) {}

  get changes(): ImageChange[] {
    return [...this.changed];
  }

  get(digest: string): StoredImage | undefined {
    return this.changed.has(digest) ? this.changed.get(digest) : this.base.get(digest);
  }

  tagged(tag: string): StoredImage | undefined {
    if (!this.retagged.has(tag)) return this.base.tagged(tag);
    const digest = this.retagged.get(tag);
    return digest === undefined ? undefined : this.get(digest);
  }

  listsOf(digest: string): StoredImage[] {
    const unchanged = this.base.listsOf(digest).filter((list) => !this.changed.has(list.digest));
    const changed = [...this.changed.values()].filter((list) => list?.children.includes(digest));
    return [...unchanged, ...changed.filter((list) => list !== undefined)];
  }

  /** Adds the image or puts it in the place of the one with its digest. No other image may have its tags. */
  put(image: StoredImage): void {
    for (const tag of this.get(image.digest)?.tags ?? []) this.retagged.set(tag, undefined);
    for (const tag of image.tags) this.retagged.set(tag, image.digest);
    this.changed.set(image.digest, image);
  }

  remove(digest: string): void {
    for (const tag of this.get(digest)?.tags ?? []) this.retagged.set(tag, undefined);
    this.changed.set(digest, undefined);
  }
}
