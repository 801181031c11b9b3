import { type Digest, type ImageConfig } from '@typerush/oci';
import { type BuiltPlatform } from '@typerush/pipeline-context';

/** A layer on top of the base. */
export interface OwnLayer {
  /** Where its files are in the image, such as `/app/service/`. */
  readonly name: string;
  readonly digest: Digest;
  /** Compressed, in bytes. */
  readonly size: number;
}

interface Layer {
  readonly digest: Digest;
  readonly size: number;
}

/** Names layers after the instructions of the history that made them: it tells the base's first. */
export function nameLayers(layers: readonly Layer[], history: ImageConfig['history']): OwnLayer[] {
  const steps = (history ?? []).filter(({ empty_layer: isEmpty }) => !isEmpty);
  const own = layers.length === 0 ? [] : steps.slice(-layers.length);
  return layers.map(({ digest, size }, index) => ({
    name: destination(own[index]?.created_by) ?? `layer ${index + 1}`,
    digest,
    size,
  }));
}

/** The last word of `COPY <from> <to> # comment`. */
const destination = (step = '') =>
  step
    .replace(/\s#.*$/, '')
    .trim()
    .split(/\s+/)
    .at(-1) || undefined;

export const ownLayers = ({ layers }: BuiltPlatform) => layers.filter(({ fromBase }) => !fromBase);

export const baseLayers = ({ layers }: BuiltPlatform) => layers.filter(({ fromBase }) => fromBase);

/** Of all that an image adds to its base, compressed. */
export const ownBytes = (platform: BuiltPlatform) =>
  ownLayers(platform).reduce((sum, { size }) => sum + size, 0);
