import { type RemoteImage } from '@typerush/ecr-access';
import { readTag } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type ReleaseRecord } from '../release/release-record';

/** A time during which an image was the current one. */
export interface Period {
  readonly from: Date;
  /** When the next image became the current one; undefined if none did that is known. */
  readonly until?: Date;
}

/** An image that an environment can return to. */
export interface Version {
  /** Its version tag, or else another fixed tag of the environment. */
  readonly name: string;
  readonly digest: Digest;
  readonly tags: readonly string[];
  readonly pushedAt: Date;
  /** When it was released: promoted, or else pushed. A rollback is not a release. */
  readonly releasedAt: Date;
  readonly periods: readonly Period[];
  readonly size: number;
  /** An archived image cannot be pulled. */
  readonly archived: boolean;
}

interface History {
  readonly images: readonly RemoteImage[];
  /** By image, oldest first. */
  readonly releases: ReadonlyMap<Digest, readonly ReleaseRecord[]>;
}

/** The images with a fixed tag of the environment. @param templates Of its fixed tags. */
export const taggedImages = (images: readonly RemoteImage[], templates: readonly string[]) =>
  images.filter(({ tags }) => tags.some((tag) => isMadeBy(templates, tag)));

const isMadeBy = (templates: readonly string[], tag: string) =>
  templates.some((template) => readTag(template, tag) !== undefined);

/** The versions of an environment, the last released first. */
export function versionsOf(
  { images, releases }: History,
  templates: readonly string[],
): readonly Version[] {
  const found = taggedImages(images, templates).map((image) => ({
    image,
    records: releases.get(image.digest) ?? [],
  }));
  const starts = found
    .flatMap(({ image, records }) =>
      startsOf(image, records).map((from) => ({ from, digest: image.digest })),
    )
    .sort((one, other) => one.from.getTime() - other.from.getTime())
    // The current image may be promoted again.
    .filter(({ digest }, index, all) => digest !== all[index - 1]?.digest);
  return found
    .map(({ image, records }): Version => {
      const { digest, tags, pushedAt, size, storageClass } = image;
      const promoted = records.filter(({ kind }) => kind === 'promote').at(-1);
      return {
        name: nameOf(tags, templates),
        digest,
        tags,
        pushedAt,
        releasedAt: promoted?.at ?? pushedAt,
        periods: starts.flatMap((start, index) => {
          if (start.digest !== digest) return [];
          const until = starts[index + 1]?.from;
          return [{ from: start.from, ...(until && { until }) }];
        }),
        size,
        archived: storageClass === 'archive',
      };
    })
    .sort((one, other) => other.releasedAt.getTime() - one.releasedAt.getTime());
}

/**
 * When an image became the current one. The push counts, unless the image was first promoted: then it was pushed for another
 * environment, in a repository that environments share. A rollback returns to an image that was current before.
 */
const startsOf = ({ pushedAt }: RemoteImage, records: readonly ReleaseRecord[]): Date[] => [
  ...(records[0]?.kind === 'promote' ? [] : [pushedAt]),
  ...records.map(({ at }) => at),
];

/** The tag of the template that says most: a version, a commit, or any other. */
function nameOf(tags: readonly string[], templates: readonly string[]): string {
  const readings = tags.flatMap((tag) =>
    templates.flatMap((template) => {
      const reading = readTag(template, tag);
      return reading ? [{ tag, ...reading.values }] : [];
    }),
  );
  const best =
    readings.findLast(({ version }) => version) ??
    readings.find(({ sha, sha7 }) => sha ?? sha7) ??
    readings[0];
  return best?.tag ?? '';
}

/** The version that was released before the current one; of an unknown current image, the last released other one. */
export function previousVersion(
  versions: readonly Version[],
  current: Digest,
): Version | undefined {
  const index = versions.findIndex(({ digest }) => digest === current);
  return versions.slice(index + 1).find(({ digest, archived }) => digest !== current && !archived);
}
