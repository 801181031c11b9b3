export { importImage, type EngineBase } from './archive/import-image';
export { layoutOfArchive } from './archive/layout-of-archive';
export { tarEntries } from './archive/tar-entries';
export { type BaseCandidate, type BaseSource, type BlobSource } from './base/base-source';
export { atDigest, pinnedBase, withoutDigest, type BasePin } from './base/pinned-base';
export {
  autoBase,
  baseBlobs,
  defaultCacheDir,
  registryBase,
  type RegistryBaseOptions,
} from './base/registry-base';
export { STAND_IN_LABEL, standInBase, writeStandInTar } from './base/stand-in';
export { type Blob } from './blob-store';
export {
  type Content,
  type ContentSource,
  type Manifest,
  readContent,
} from './content/content-store';
export {
  copy,
  type CopyEvent,
  type CopyListener,
  type CopyOptions,
  type CopyResult,
} from './content/copy';
export {
  type ImageNode,
  isComplete,
  platformName,
  platformNodes,
  readImageConfig,
  readNode,
  resolveImage,
} from './content/image-graph';
export { RemoteRepository } from './content/remote-repository';
export { dockerCredentials } from './credentials/docker-credentials';
export { digestOf, digestSchema, isDigest, shortDigest, type Digest } from './digest';
export { DockerfileError } from './dockerfile/dockerfile-error';
export { checkFinalStage } from './dockerfile/check-stage';
export { finalSteps } from './dockerfile/final-steps';
export { type StageStep } from './dockerfile/read-stage';
export { baseReferences, type BaseReferences } from './dockerfile/stages';
export { OciError } from './errors';
export { buildImage, type BuiltImage } from './image/build-image';
export { dockerArchives, writeArchive, type DockerArchive } from './image/docker-archive';
export { baseLabels } from './image/image-config';
export { createLayer, type LayerDirectory, type LayerFile } from './layer/create-layer';
export { OciLayout, writeLayout, type ImageSource } from './layout';
export {
  MEDIA_TYPE,
  type Descriptor,
  type ImageConfig,
  isIndexMediaType,
  parseManifest,
  type RunConfig,
} from './manifest';
export { hostArchitecture, parsePlatform } from './platform';
export { atMirror, parseReference } from './reference';
export { attachArtifact, fetchArtifact } from './registry/artifact';
export { type CredentialSource, type RegistryCredentials } from './registry/credentials';
export { listReferrers } from './registry/referrers';
export { RegistryClient, type RegistryClientOptions } from './registry/registry-client';
export { RegistryError } from './registry/registry-error';
export { type RetryEvent } from './registry/retry';
export { makeFolder } from './make-folder';
export { replaceFile } from './replace-file';
