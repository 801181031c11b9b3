import { type Digest } from '@typerush/oci';
import { type ImageToScan } from '../scan/scan-image';

export interface GatedImage extends ImageToScan {
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
}

/** What an image has to pass before moving tags point to it. */
export interface Gate {
  /** For plans: `scan: no finding of severity HIGH or higher`. */
  readonly description: string;
  /** @throws PipelineError if the image does not pass, also if that cannot be decided */
  check(image: GatedImage): Promise<void>;
}

/** Decides nothing: signatures are not checked yet. The port for a gate that refuses unsigned images. */
export const acceptAnySignature: Gate = {
  description: 'signature: not checked, any is accepted',
  check: () => Promise.resolve(),
};
