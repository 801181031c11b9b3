import { EcrError } from '../../errors/ecr-error';
import { type ImageIdentifier } from '../ecr-service';
import { type ImageReplication } from '../images';
import { invalidParameter } from '../refusals';
import { type Registry } from '../registry';
import { type RegistryConfiguration } from '../registry-configuration';
import { addressedImage, type ImageRequest } from './addressed-image';
import { modelled } from './modelled';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html */
export function replicationOperations(registry: Registry) {
  const { account, region, configuration } = registry;
  return {
    putReplicationConfiguration: modelled(
      'PutReplicationConfiguration',
      async (request: {
        readonly replicationConfiguration: RegistryConfiguration['replication'];
      }) => {
        const { rules } = request.replicationConfiguration;
        const isOwn = rules
          .flatMap(({ destinations }) => destinations)
          .some((each) => each.registryId === account && each.region === region);
        if (isOwn) {
          throw invalidParameter(
            'replicationConfiguration',
            'Destination region and registry must not be those of the source',
          );
        }
        const { replication } = await configuration.update(() => ({ replication: { rules } }));
        return { replicationConfiguration: replication };
      },
    ),
    describeImageReplicationStatus: modelled(
      'DescribeImageReplicationStatus',
      (request: ImageRequest) => {
        const { repository, image, imageId } = addressedImage(registry, request);
        const replicationStatuses = (image.replications ?? []).map(describeReplication);
        return { repositoryName: repository.name, imageId, replicationStatuses };
      },
    ),
  };
}

const describeReplication = ({ waitingTags, ...status }: ImageReplication) => {
  void waitingTags;
  return status;
};

type Signing = NonNullable<RegistryConfiguration['signing']>;

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/managed-signing.html */
export function signingOperations(registry: Registry) {
  const { account: registryId, configuration } = registry;
  const present = (signingConfiguration: Signing | undefined) => {
    if (signingConfiguration) return { registryId, signingConfiguration };
    throw new EcrError(
      'SigningConfigurationNotFoundException',
      `Signing configuration does not exist in the registry with id '${registryId}'`,
    );
  };
  return {
    getSigningConfiguration: modelled('GetSigningConfiguration', () =>
      present(configuration.get().signing),
    ),
    putSigningConfiguration: modelled(
      'PutSigningConfiguration',
      async ({ signingConfiguration }: { readonly signingConfiguration: Signing }) => {
        await configuration.update(() => ({ signing: signingConfiguration }));
        return { signingConfiguration };
      },
    ),
    deleteSigningConfiguration: modelled('DeleteSigningConfiguration', async () => {
      const deleted = present(configuration.get().signing);
      await configuration.update(() => ({ signing: undefined }));
      return deleted;
    }),
    describeImageSigningStatus: modelled(
      'DescribeImageSigningStatus',
      (request: ImageRequest): SigningStatus => {
        const { repository, imageId } = addressedImage(registry, request);
        return { registryId, repositoryName: repository.name, imageId, signingStatuses: [] };
      },
    ),
  };
}

export interface SigningStatus {
  readonly registryId: string;
  readonly repositoryName: string;
  readonly imageId: ImageIdentifier;
  readonly signingStatuses: readonly [];
}
