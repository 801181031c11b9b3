import { type ContentSource, type Digest } from '@typerush/oci';
import { type EvaluatedFinding } from '../scan/evaluate-scan';
import { type ImageToScan } from '../scan/scan-image';

export interface GatedImage extends ImageToScan {
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  /** The repository, with what is attached to the image. */
  readonly content: ContentSource;
}

/** What an image has to pass before moving tags point to it. */
export interface Gate {
  /** For plans: `scan: no finding of severity HIGH or higher`. */
  readonly description: string;
  /** @throws PipelineError if the image does not pass, also if that cannot be decided */
  check(image: GatedImage): Promise<void>;
}

/** What has to be true of an image before anything is uploaded. */
export interface UploadGate extends Pick<Gate, 'description'> {
  /** @returns what it found and let pass @throws PipelineError if the image does not pass, also if that cannot be decided */
  check(): Promise<readonly EvaluatedFinding[]>;
}
