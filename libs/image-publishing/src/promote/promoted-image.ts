import { type ImageRecords, type Repository } from '@typerush/ecr-access';
import { sbomMediaType } from '@typerush/image-comparison';
import { type Environment, fixedTagTemplates } from '@typerush/image-registry';
import {
  type Descriptor,
  fetchArtifact,
  type Manifest,
  OciError,
  platformName,
  platformNodes,
  readImageConfig,
  readNode,
  type RemoteRepository,
  STAND_IN_LABEL,
} from '@typerush/oci';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { inTotoMediaType } from '../attest/provenance';
import { type GatedImage } from '../gate/gates';
import { type ImageOrigin, originOf } from './image-origin';

/** The image of an environment that another one is to get. */
export interface PromotedImage extends GatedImage, ImageOrigin {
  readonly manifest: Manifest;
  /** Whether it is based on a stand-in base image. */
  readonly standIn: boolean;
  /** The artifact types of what is attached to it. */
  readonly attachments: readonly string[];
}

/** The environment that an image is taken from. */
export interface PromotionSource {
  readonly environment: Environment;
  readonly service: ServiceImage;
  readonly repository: Repository;
  readonly content: RemoteRepository;
  readonly records: ImageRecords;
}

/** @param reference A tag or a digest. @throws PipelineError `IMAGE_MISSING`, `NOT_AN_IMAGE`, `ORIGIN_UNKNOWN`; OciError */
export async function readPromotedImage(
  source: PromotionSource,
  reference: string,
): Promise<PromotedImage> {
  const { content, repository } = source;
  const descriptor = await content.resolve(reference);
  if (!descriptor) throw missing(source, reference);
  const top = await readNode(content, descriptor);
  const platforms = await readPlatforms(content, descriptor);
  if (platforms.length === 0) throw notAnImage(source, reference);
  const referrers = await content.referrers(descriptor.digest);
  return {
    ...(await readOrigin(source, descriptor, referrers)),
    repository: repository.name,
    digest: descriptor.digest,
    content,
    manifest: { descriptor: top.descriptor, bytes: top.bytes },
    platforms,
    standIn: platforms.some(({ standIn }) => standIn),
    attachments: referrers.map(({ artifactType }) => artifactType ?? 'unknown'),
  };
}

/** Of an image, not of an artifact. https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md */
const isImageConfig = ({ mediaType }: Descriptor) =>
  /^application\/vnd\.(oci\.image\.config\.v1|docker\.container\.image\.v1)\+json$/.test(mediaType);

async function readPlatforms(content: RemoteRepository, top: Descriptor) {
  const nodes = await platformNodes(content, top);
  const found = await Promise.all(
    nodes.map(async (node) => {
      const { config } = node.content;
      if (!config || !isImageConfig(config) || node.subject) return [];
      const platform = (await platformName(content, node)) ?? '';
      // BuildKit's attestations are manifests of that platform in an index.
      if (platform === 'unknown/unknown') return [];
      const labels = (await readImageConfig(content, node)).config?.Labels ?? {};
      return [{ platform, digest: node.descriptor.digest, standIn: STAND_IN_LABEL in labels }];
    }),
  );
  return found.flat();
}

async function readOrigin(
  source: PromotionSource,
  { digest }: Descriptor,
  referrers: readonly Descriptor[],
): Promise<ImageOrigin> {
  const { service, environment, repository, records } = source;
  const texts = (type: string) =>
    Promise.all(
      referrers
        .filter(({ artifactType }) => artifactType === type)
        .map((referrer) => readAttachment(source.content, referrer)),
    );
  const [provenance, sboms, record] = await Promise.all([
    texts(inTotoMediaType),
    texts(sbomMediaType),
    records.find(repository.name, digest),
  ]);
  const tags = record?.tags ?? [];
  const templates = fixedTagTemplates(service.config, environment);
  const { commit, version } = originOf({ provenance, sboms, tags, templates });
  if (commit && version) return { commit, version };
  throw new PipelineError(
    'ORIGIN_UNKNOWN',
    `Cannot derive tags for ${repository.uri}@${digest}: neither its attachments nor its tags name its ${commit ? 'version' : 'commit'}.\n` +
      `Fix: push it again, so that SBOM and provenance are attached: nx run ${service.project}:docker-push -c ${environment}`,
  );
}

async function readAttachment(
  { client, repository }: RemoteRepository,
  { digest }: Descriptor,
): Promise<string> {
  try {
    const [layer] = (await fetchArtifact(client, repository, digest)).layers;
    return Buffer.from(layer?.bytes ?? []).toString();
  } catch (error) {
    // Another program may attach artifacts of these types that are larger than ours.
    if (error instanceof OciError && error.code === 'UNEXPECTED') return '';
    throw error;
  }
}

const missing = ({ environment, service, repository }: PromotionSource, reference: string) =>
  new PipelineError(
    'IMAGE_MISSING',
    `${environment} has no image "${reference}" in ${repository.uri}.\n` +
      `Fix: choose one that exists: nx run ${service.project}:docker-rollback -c ${environment} --list\n` +
      `     or push it: nx run ${service.project}:docker-push -c ${environment}`,
  );

const notAnImage = ({ repository }: PromotionSource, reference: string) =>
  new PipelineError(
    'NOT_AN_IMAGE',
    `"${reference}" in ${repository.uri} is not a container image: it may be an attachment.\n` +
      'Fix: pass the digest or the tag of an image.',
  );
