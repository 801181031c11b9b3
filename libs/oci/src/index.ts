export { importImage, type EngineBase, type ImportImageRequest } from './archive/import-image';
export { baseBlobs, type BaseBlobsOptions } from './base/base-blobs';
export { autoBase, type AutoBaseOptions } from './base/auto-base';
export {
  type BaseCandidate,
  type BaseImage,
  type BaseInfo,
  type BaseLayer,
  type BaseSource,
  type BlobSource,
} from './base/base-source';
export { defaultCacheDir } from './base/cache-dir';
export {
  atDigest,
  pinnedBase,
  withoutDigest,
  type BasePin,
  type PinnedBaseOptions,
} from './base/pinned-base';
export { registryBase, type RegistryBaseOptions } from './base/registry-base';
export {
  STAND_IN_LABEL,
  standInBase,
  writeStandInTar,
  type StandInOptions,
  type StandInTar,
} from './base/stand-in';
export { type Blob } from './blob-store';
export {
  type Content,
  type ContentSource,
  type ContentStore,
  type ContentTarget,
  type Manifest,
  type PushOptions,
  type PushOutcome,
  readContent,
  type RemoteContent,
} from './content/content-store';
export {
  copy,
  type CopiedBlob,
  type CopyOptions,
  type CopyResult,
  type MountFrom,
} from './content/copy';
export { type CopyEvent, type CopyListener } from './content/copy-event';
export {
  distinctBlobs,
  type ImageNode,
  isComplete,
  platformName,
  platformNode,
  platformNodes,
  readNode,
  resolveImage,
  walkImage,
} from './content/image-graph';
export { MemoryStore } from './content/memory-store';
export { RemoteRepository } from './content/remote-repository';
export { dockerCredentials, type DockerCredentialsRequest } from './credentials/docker-credentials';
export { digestOf, isDigest, type Digest } from './digest';
export { baseReferences, type BaseReferences } from './dockerfile/base-references';
export { type StageCopy } from './dockerfile/copy';
export { DockerfileError } from './dockerfile/dockerfile-error';
export {
  readFinalStage,
  type ReadStageOptions,
  type FinalStage,
  type StageConfig,
  type StageStep,
} from './dockerfile/final-stage';
export { OciError } from './errors';
export { baseLabels } from './image/base-labels';
export {
  buildImage,
  type BuildImageRequest,
  type BuiltImage,
  type BuiltLayer,
  type BuiltPlatform,
} from './image/build-image';
export {
  dockerArchives,
  DockerArchiveTarget,
  writeArchive,
  type DockerArchive,
} from './image/docker-archive';
export { type ImageSource } from './image/image-source';
export { writeLayout } from './image/write-layout';
export { createLayer, type Layer, type LayerDirectory, type LayerFile } from './layer/create-layer';
export { OciLayout } from './layout';
export {
  MEDIA_TYPE,
  isIndexMediaType,
  type Descriptor,
  type Healthcheck,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  type ParsedManifest,
  parseManifest,
  type RunConfig,
} from './manifest';
export {
  DEFAULT_PLATFORMS,
  formatPlatform,
  hostArchitecture,
  parsePlatform,
  type Platform,
} from './platform';
export { parseReference, type ImageReference } from './reference';
export {
  attachArtifact,
  type ArtifactLayer,
  type AttachArtifactRequest,
} from './registry/referrers/attach-artifact';
export { fetchArtifact, type FetchedArtifact } from './registry/referrers/fetch-artifact';
export { listReferrers } from './registry/referrers/list-referrers';
export { type CredentialSource } from './registry/credentials';
export { type RegistryCredentials } from './registry/registry-credentials';
export { RegistryClient, type RegistryClientOptions } from './registry/registry-client';
export { type RetryEvent, type RetryPolicy } from './registry/retry';
export { RegistryError, type RegistryErrorDetails } from './registry/registry-error';
export { replaceFile } from './replace-file';
export { storageError } from './storage-error';
