import {
  evaluateLifecyclePolicy,
  type LifecyclePolicy,
  matchesWildcard,
  type StoredImage,
} from '../src/index';

/** One thing that happens to a repository; numbers choose among what stands. */
export type Event =
  /** A new image, with tags that leave whatever image had them. */
  | { readonly do: 'push'; readonly tags: readonly string[] }
  /** Tags for an image that stands: a push of unchanged content, a promotion or a rollback. */
  | { readonly do: 'tag'; readonly image: number; readonly tags: readonly string[] }
  | { readonly do: 'untag'; readonly tag: string }
  /** A list of two new images of its own, in which they stand for platforms. */
  | { readonly do: 'push-list'; readonly tags: readonly string[] }
  /** An SBOM of an image. */
  | { readonly do: 'attach'; readonly image: number }
  /** Days pass, and the policy runs each day. */
  | { readonly do: 'wait'; readonly days: number };

const day = 86_400_000;

/** A repository that a policy looks after, once a day. */
export class RepositoryHistory {
  private images: StoredImage[] = [];
  private now = Date.parse('2026-01-01T00:00:00Z');
  private pushes = 0;

  constructor(
    private readonly policy: LifecyclePolicy,
    /** Called before what expires is removed. */
    private readonly onRun: (
      expired: readonly StoredImage[],
      images: readonly StoredImage[],
    ) => void,
  ) {}

  happen(event: Event): void {
    switch (event.do) {
      case 'push':
        return void this.push(event.tags);
      case 'push-list':
        return void this.push(event.tags, { children: [this.push([]), this.push([])] });
      case 'attach': {
        const subject = this.chosen(event.image)?.digest;
        return void (subject && this.push([], { subject }));
      }
      case 'tag': {
        const target = this.chosen(event.image)?.digest;
        if (target) this.move(event.tags, target);
        return;
      }
      case 'untag':
        return this.move([event.tag]);
      case 'wait':
        for (let passed = 0; passed < event.days; passed += 1) this.nextDay();
    }
  }

  private push(tags: readonly string[], more: Partial<StoredImage> = {}): string {
    const digest = `image-${(this.pushes += 1)}`;
    this.images.push({ digest, tags: [], pushedAt: new Date((this.now += 1000)), ...more });
    this.move(tags, digest);
    return digest;
  }

  /** A tag is on one image, and its coming does not refresh the push date. */
  private move(moved: readonly string[], to?: string): void {
    this.images = this.images.map((image) => {
      const others = image.tags.filter((tag) => !moved.includes(tag));
      return { ...image, tags: image.digest === to ? [...others, ...moved] : others };
    });
  }

  /** An image that deployments may be of: not what is attached to one. */
  private chosen(number: number): StoredImage | undefined {
    const images = this.images.filter(({ subject }) => subject === undefined);
    return images[number % images.length];
  }

  private nextDay(): void {
    this.now += day;
    const verdicts = evaluateLifecyclePolicy(this.policy, this.images, new Date(this.now));
    const expired = new Set(verdicts.map(({ image }) => image));
    this.onRun([...expired], this.images);
    this.images = this.images.filter((image) => !expired.has(image));
  }
}

/** The images with a tag that the pattern matches, of which so many were pushed last. */
export function lastPushed(
  images: readonly StoredImage[],
  pattern: string,
  count: number,
): StoredImage[] {
  return images
    .filter(({ tags }) => tags.some((tag) => matchesWildcard(pattern, tag)))
    .sort((a, b) => b.pushedAt.getTime() - a.pushedAt.getTime())
    .slice(0, count);
}
