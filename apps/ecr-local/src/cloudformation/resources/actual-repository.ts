import { awsManagedKeyArn } from '../../registry/aws-managed-key';
import {
  EcrError,
  type EcrErrorCode,
  type RepositoryDescription,
  type ResourceTag,
} from '../../registry/ecr-service';
import { type Json } from '../template/value';
import { type RepositoryPort } from './ecr-repository';
import { type RepositoryProperties } from './repository-properties';

type Properties = Readonly<Record<string, Json>>;

/** A repository as the properties of a template; undefined if it does not exist. */
export async function readRepository(
  ecr: RepositoryPort,
  repositoryName: string,
): Promise<Properties | undefined> {
  const described = await unlessMissing('RepositoryNotFoundException', () =>
    ecr.describeRepositories({ repositoryNames: [repositoryName] }),
  );
  const repository = described?.repositories[0];
  if (!repository) return undefined;
  const lifecycle = await unlessMissing('LifecyclePolicyNotFoundException', () =>
    ecr.getLifecyclePolicy({ repositoryName }),
  );
  const policy = await unlessMissing('RepositoryPolicyNotFoundException', () =>
    ecr.getRepositoryPolicy({ repositoryName }),
  );
  const { tags } = await ecr.listTagsForResource({ resourceArn: repository.repositoryArn });
  return templateForm({
    RepositoryName: repositoryName,
    EmptyOnDelete: false,
    EncryptionConfiguration: withoutManagedKey(repository),
    ImageScanningConfiguration: repository.imageScanningConfiguration,
    ImageTagMutability: repository.imageTagMutability,
    ImageTagMutabilityExclusionFilters: repository.imageTagMutabilityExclusionFilters && [
      ...repository.imageTagMutabilityExclusionFilters,
    ],
    LifecyclePolicy: lifecycle && { LifecyclePolicyText: lifecycle.lifecyclePolicyText },
    RepositoryPolicyText: policy?.policyText,
    Tags: [...tags],
  });
}

/** A template without a key gets the one that AWS manages: that is no difference. */
function withoutManagedKey({
  repositoryArn,
  encryptionConfiguration,
}: RepositoryDescription): RepositoryDescription['encryptionConfiguration'] {
  const [, , , region = '', account = ''] = repositoryArn.split(':');
  const { kmsKey, ...rest } = encryptionConfiguration;
  return kmsKey === awsManagedKeyArn({ account, region }) ? rest : encryptionConfiguration;
}

/** The properties in one form, so that two can be compared; what is not set is left out. */
export function templateForm(properties: RepositoryProperties): Properties {
  const { EncryptionConfiguration: encryption, LifecyclePolicy, RepositoryPolicyText } = properties;
  const form: Record<string, Json | undefined> = {
    RepositoryName: properties.RepositoryName,
    EncryptionConfiguration: {
      EncryptionType: encryption.encryptionType,
      ...('kmsKey' in encryption &&
        typeof encryption.kmsKey === 'string' && { KmsKey: encryption.kmsKey }),
    },
    ImageScanningConfiguration: { ScanOnPush: properties.ImageScanningConfiguration.scanOnPush },
    ImageTagMutability: properties.ImageTagMutability,
    ImageTagMutabilityExclusionFilters: properties.ImageTagMutabilityExclusionFilters?.map(
      ({ filterType, filter }) => ({
        ImageTagMutabilityExclusionFilterType: filterType,
        ImageTagMutabilityExclusionFilterValue: filter,
      }),
    ),
    LifecyclePolicy: LifecyclePolicy?.LifecyclePolicyText
      ? { LifecyclePolicyText: normalizedJson(LifecyclePolicy.LifecyclePolicyText) }
      : undefined,
    RepositoryPolicyText: RepositoryPolicyText ? parsed(RepositoryPolicyText) : undefined,
    Tags: sorted(properties.Tags),
  };
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

const sorted = (tags: readonly ResourceTag[]): Json =>
  tags
    .map(({ Key, Value }) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : a.Key > b.Key ? 1 : 0));

/** Text that is not JSON was rejected when it was set. */
const parsed = (text: string): Json => JSON.parse(text) as Json;

const normalizedJson = (text: string): string => JSON.stringify(parsed(text));

async function unlessMissing<T>(code: EcrErrorCode, run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof EcrError && error.code === code) return undefined;
    throw error;
  }
}
