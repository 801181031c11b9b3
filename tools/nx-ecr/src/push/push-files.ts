import path from 'node:path';
import { type Commit, type Environment } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type EngineName } from '../built-image';
import { writeJson } from '../write-file';
import { type TagDecision } from './plan-push';

/** `push.json`, and what `--json` prints. */
export interface PushRecord {
  readonly service: string;
  readonly environment: Environment;
  readonly repository: string;
  readonly repositoryUri: string;
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  /** `<repositoryUri>@<digest>`: this image, whatever happens to its tags. */
  readonly imageUri: string;
  readonly platforms: readonly { readonly platform: string; readonly digest: Digest }[];
  readonly engine: EngineName;
  /** Whether it stands on a stand-in for its base image. */
  readonly standIn: boolean;
  readonly commit: Commit;
  readonly tags: readonly TagDecision[];
  /** The registry held the image and all its tags: nothing was done. */
  readonly unchanged: boolean;
  readonly uploadedLayers: number;
  readonly presentLayers: number;
  /** ISO 8601 */
  readonly pushedAt: string;
}

/** Writes `push.json` and the two files that AWS CodePipeline's ECS actions read, each in its own format. */
export async function writePushFiles(folder: string, record: PushRecord): Promise<void> {
  const write = (file: string, value: unknown) => writeJson(path.join(folder, file), value);
  await write('push.json', record);
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
  await write('imagedefinitions.json', [{ name: record.service, imageUri: record.imageUri }]);
  await write('imageDetail.json', { ImageURI: record.imageUri });
}
