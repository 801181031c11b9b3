import { EcrError } from '../../errors/ecr-error';
import { type ResourceTag } from '../../registry/ecr-types';
import { type RepositoryPort } from '../resources/ecr-repository';

interface FakeRepository {
  settings: Record<string, unknown>;
  lifecycle?: string;
  policy?: string;
  tags: ResourceTag[];
}

export interface FakeRegistry extends RepositoryPort {
  readonly repositories: Map<string, FakeRepository>;
  /** Repositories that refuse to be deleted without force. */
  readonly withImages: Set<string>;
  /** Called before every operation that changes something; throws to make it fail. */
  beforeChange: (operation: string, repositoryName: string) => void;
}

const createdAt = new Date(0);
const prefix = 'arn:aws:ecr:ap-southeast-1:000000000000:repository/';

/** A registry without images: repositories and their settings in a map. */
export function fakeRegistry(): FakeRegistry {
  const repositories = new Map<string, FakeRepository>();
  const withImages = new Set<string>();
  const notFound = (name: string) =>
    new EcrError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '000000000000'`,
    );
  const get = (name: string) => {
    const repository = repositories.get(name);
    if (!repository) throw notFound(name);
    return repository;
  };
  const describe = (name: string) => ({
    repositoryArn: prefix + name,
    registryId: '000000000000',
    repositoryName: name,
    repositoryUri: `127.0.0.1:5100/${name}`,
    createdAt,
    imageTagMutability: 'MUTABLE' as const,
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' as const },
    ...repositories.get(name)?.settings,
  });
  const ref = (repositoryName: string) => ({ registryId: '000000000000', repositoryName });
  const byArn = (arn: string) => get(arn.slice(prefix.length));

  const registry: FakeRegistry = {
    repositories,
    withImages,
    beforeChange: () => undefined,
    createRepository: async ({ repositoryName, tags = [], ...settings }) => {
      registry.beforeChange('createRepository', repositoryName);
      if (repositories.has(repositoryName)) {
        throw new EcrError(
          'RepositoryAlreadyExistsException',
          `The repository with name '${repositoryName}' already exists in the registry with id '000000000000'`,
        );
      }
      const { imageTagMutability = 'MUTABLE' } = settings;
      repositories.set(repositoryName, {
        settings: { ...settings, imageTagMutability },
        tags: [...tags],
      });
      return { repository: describe(repositoryName) };
    },
    describeRepositories: async ({ repositoryNames = [...repositories.keys()] }) => ({
      repositories: repositoryNames.map((name) => {
        get(name);
        return describe(name);
      }),
    }),
    deleteRepository: async ({ repositoryName, force = false }) => {
      registry.beforeChange('deleteRepository', repositoryName);
      get(repositoryName);
      if (withImages.has(repositoryName) && !force) {
        throw new EcrError(
          'RepositoryNotEmptyException',
          `The repository with name '${repositoryName}' in registry with id '000000000000' cannot be deleted because it still contains images`,
        );
      }
      repositories.delete(repositoryName);
      return { repository: describe(repositoryName) };
    },
    getLifecyclePolicy: async ({ repositoryName }) => {
      const lifecyclePolicyText = get(repositoryName).lifecycle;
      if (lifecyclePolicyText === undefined) {
        throw new EcrError('LifecyclePolicyNotFoundException', 'Lifecycle policy does not exist');
      }
      return { ...ref(repositoryName), lifecyclePolicyText, lastEvaluatedAt: new Date(0) };
    },
    getRepositoryPolicy: async ({ repositoryName }) => {
      const policyText = get(repositoryName).policy;
      if (policyText === undefined) {
        throw new EcrError('RepositoryPolicyNotFoundException', 'Repository policy does not exist');
      }
      return { ...ref(repositoryName), policyText };
    },
    putLifecyclePolicy: async ({ repositoryName, lifecyclePolicyText }) => {
      registry.beforeChange('putLifecyclePolicy', repositoryName);
      get(repositoryName).lifecycle = lifecyclePolicyText;
      return { ...ref(repositoryName), lifecyclePolicyText };
    },
    deleteLifecyclePolicy: async ({ repositoryName }) => {
      const repository = get(repositoryName);
      const lifecyclePolicyText = repository.lifecycle;
      if (lifecyclePolicyText === undefined) {
        throw new EcrError('LifecyclePolicyNotFoundException', 'Lifecycle policy does not exist');
      }
      delete repository.lifecycle;
      return { ...ref(repositoryName), lifecyclePolicyText, lastEvaluatedAt: new Date(0) };
    },
    setRepositoryPolicy: async ({ repositoryName, policyText }) => {
      registry.beforeChange('setRepositoryPolicy', repositoryName);
      get(repositoryName).policy = policyText;
      return { ...ref(repositoryName), policyText };
    },
    deleteRepositoryPolicy: async ({ repositoryName }) => {
      const repository = get(repositoryName);
      const policyText = repository.policy;
      if (policyText === undefined) {
        throw new EcrError('RepositoryPolicyNotFoundException', 'Repository policy does not exist');
      }
      delete repository.policy;
      return { ...ref(repositoryName), policyText };
    },
    putImageTagMutability: async ({ repositoryName, ...setting }) => {
      registry.beforeChange('putImageTagMutability', repositoryName);
      Object.assign(get(repositoryName).settings, setting);
      return { ...ref(repositoryName), ...setting };
    },
    putImageScanningConfiguration: async ({ repositoryName, imageScanningConfiguration }) => {
      const scanOnPush = imageScanningConfiguration.scanOnPush ?? false;
      get(repositoryName).settings['imageScanningConfiguration'] = { scanOnPush };
      return { ...ref(repositoryName), imageScanningConfiguration: { scanOnPush } };
    },
    tagResource: async ({ resourceArn, tags }) => {
      const repository = byArn(resourceArn);
      const values = new Map([...repository.tags, ...tags].map(({ Key, Value }) => [Key, Value]));
      repository.tags = [...values].map(([Key, Value]) => ({ Key, Value }));
      return {};
    },
    untagResource: async ({ resourceArn, tagKeys }) => {
      const repository = byArn(resourceArn);
      repository.tags = repository.tags.filter(({ Key }) => !tagKeys.includes(Key));
      return {};
    },
    listTagsForResource: async ({ resourceArn }) => ({ tags: byArn(resourceArn).tags }),
  };
  return registry;
}
