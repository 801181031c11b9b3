import { shortDigest } from '@typerush/oci';
import { grid } from '@typerush/terminal-output';

/** The part of push.json that the summary shows. */
export interface PushedImage {
  readonly digest: string;
  readonly destinations: readonly {
    readonly repositoryUri: string;
    readonly unchanged: boolean;
    readonly tags: readonly { readonly tag: string }[];
  }[];
}

export interface RequestedPush {
  readonly project: string;
  /** undefined if it failed, or did not run because another task failed. */
  readonly image?: PushedImage;
}

/** What a run with several pushes has pushed. */
export function describeRun(pushes: readonly RequestedPush[]): string {
  const pushed = pushes.filter(({ image }) => image !== undefined);
  const sorted = [...pushes].sort((one, other) => (one.project < other.project ? -1 : 1));
  const rows = sorted.flatMap(({ project, image }) => {
    if (!image) return [[project, 'NOT PUSHED', '', '']];
    return image.destinations.map(({ repositoryUri, unchanged, tags }, index) => [
      index === 0 ? project : '',
      unchanged ? 'unchanged' : 'pushed',
      `${repositoryUri}@${shortDigest(image.digest)}`,
      tags.map(({ tag }) => tag).join(', '),
    ]);
  });
  const title = `${pushed.length} of ${pushes.length} images are in their registries`;
  return `\n${grid(title, ['project', 'push', 'image', 'tags'], rows)}`;
}
