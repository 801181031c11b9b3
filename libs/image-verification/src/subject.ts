import { type RunConfig } from '@typerush/oci';
import { type BuiltImage, type BuiltPlatform, type ServiceImage } from '@typerush/pipeline-context';
import { type ImageFile } from './layers/image-file';

/** What is verified: an image as it was built, with everything that tells how it should be. */
export interface Subject {
  readonly service: ServiceImage;
  readonly built: BuiltImage;
  readonly platforms: readonly PlatformSubject[];
  /** The entries of every layer above the base, of each layer once, also where a later one hides them. */
  readonly files: readonly ImageFile[];
  /** What is in the bundle, `name@version` each; undefined where nothing tells. */
  readonly bundled?: readonly string[];
  /** The text of the workspace's package-lock.json, where there is one. */
  readonly lockFile?: string;
}

export interface PlatformSubject {
  readonly built: BuiltPlatform;
  /** The entries of its layers above the base, in their order. */
  readonly files: readonly ImageFile[];
  readonly run: RunConfig;
  /** The whole configuration as it stands in the image. */
  readonly configText: string;
}
