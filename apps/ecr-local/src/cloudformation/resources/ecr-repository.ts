import {
  EcrError,
  type EcrErrorCode,
  type EcrService,
  type ResourceTag,
} from '../../registry/ecr-service';
import { type Json } from '../template/value';
import { readRepository, templateForm } from './actual-repository';
import { generatedName } from './generated-name';
import { parseRepositoryProperties, type RepositoryProperties } from './repository-properties';
import { alreadyExists, type HandlerErrorCode, ResourceError } from './resource-error';
import { type DesiredResource, type ResourceHandler } from './resource-handler';

/** The operations of the registry that a repository's resource needs. */
export type RepositoryPort = Pick<
  EcrService,
  | 'createRepository'
  | 'describeRepositories'
  | 'deleteRepository'
  | 'getLifecyclePolicy'
  | 'getRepositoryPolicy'
  | 'putLifecyclePolicy'
  | 'deleteLifecyclePolicy'
  | 'setRepositoryPolicy'
  | 'deleteRepositoryPolicy'
  | 'putImageTagMutability'
  | 'putImageScanningConfiguration'
  | 'tagResource'
  | 'untagResource'
  | 'listTagsForResource'
>;

export const repositoryType = 'AWS::ECR::Repository';

/** `AWS::ECR::Repository`, made for real in the registry. */
export function createRepositoryHandler(ecr: RepositoryPort, newId: () => string): ResourceHandler {
  const update: ResourceHandler['update'] = async (resource) => {
    const properties = parseRepositoryProperties(resource);
    return asResourceError(() => converge(ecr, resource, properties));
  };
  return {
    emulated: true,
    immutable: ['RepositoryName', 'EncryptionConfiguration'],
    nameProperty: 'RepositoryName',
    taggable: true,
    physicalId: (resource) =>
      typeof resource.properties['RepositoryName'] === 'string'
        ? resource.properties['RepositoryName']
        : generatedName(resource, newId).toLowerCase(),
    ref: ({ physicalId }) => physicalId,
    attribute: ({ attributes }, name) =>
      Object.hasOwn(attributes, name) ? attributes[name] : undefined,
    exists: (name) => asResourceError(() => exists(ecr, name)),
    create: async (resource) => {
      const properties = parseRepositoryProperties(resource);
      return asResourceError(() => create(ecr, resource, properties));
    },
    update,
    read: async (resource) => {
      const properties = parseRepositoryProperties(resource);
      const actual = await asResourceError(() => readRepository(ecr, resource.physicalId));
      return { actual, expected: declared(resource, properties) };
    },
    attributes: (name) => asResourceError(() => attributesOf(ecr, name)),
    delete: ({ physicalId, properties }) =>
      asResourceError(() =>
        ignoring('RepositoryNotFoundException', () =>
          ecr.deleteRepository({
            repositoryName: physicalId,
            force: String(properties['EmptyOnDelete']) === 'true',
          }),
        ),
      ),
  };
}

/** What the template declares, the tags of the stack among its own. */
function declared(
  resource: Omit<DesiredResource, 'stackName'>,
  properties: RepositoryProperties,
): Readonly<Record<string, Json>> {
  const all = templateForm({ ...properties, Tags: desiredTags(resource, properties) });
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => Object.hasOwn(resource.properties, name)),
  );
}

async function exists(ecr: RepositoryPort, name: string): Promise<boolean> {
  try {
    await ecr.describeRepositories({ repositoryNames: [name] });
    return true;
  } catch (error) {
    if (!(error instanceof EcrError)) throw error;
    if (error.code === 'RepositoryNotFoundException') return false;
    throw new ResourceError('InvalidRequest', `RepositoryName '${name}': ${error.message}`, {
      cause: error,
    });
  }
}

async function create(
  ecr: RepositoryPort,
  resource: DesiredResource,
  properties: RepositoryProperties,
) {
  await ecr.createRepository({
    repositoryName: resource.physicalId,
    encryptionConfiguration: properties.EncryptionConfiguration,
    imageScanningConfiguration: properties.ImageScanningConfiguration,
    ...mutability(properties),
    tags: desiredTags(resource, properties),
  });
  await putPolicies(ecr, resource.physicalId, properties);
  return attributesOf(ecr, resource.physicalId);
}

/** Every setting is written again, so that a repository that was changed by hand comes back to its template. */
async function converge(
  ecr: RepositoryPort,
  resource: DesiredResource,
  properties: RepositoryProperties,
) {
  const repositoryName = resource.physicalId;
  const attributes = await attributesOf(ecr, repositoryName);
  await ecr.putImageScanningConfiguration({
    repositoryName,
    imageScanningConfiguration: properties.ImageScanningConfiguration,
  });
  await ecr.putImageTagMutability({ repositoryName, ...mutability(properties) });
  await putPolicies(ecr, repositoryName, properties);
  await putTags(ecr, attributes.Arn, desiredTags(resource, properties));
  return attributes;
}

async function attributesOf(ecr: RepositoryPort, name: string) {
  const { repositories } = await ecr.describeRepositories({ repositoryNames: [name] });
  const [repository] = repositories;
  if (!repository)
    throw new ResourceError('NotFound', `The repository with name '${name}' is gone.`);
  return { Arn: repository.repositoryArn, RepositoryUri: repository.repositoryUri };
}

const mutability = (properties: RepositoryProperties) => ({
  imageTagMutability: properties.ImageTagMutability,
  ...(properties.ImageTagMutabilityExclusionFilters && {
    imageTagMutabilityExclusionFilters: properties.ImageTagMutabilityExclusionFilters,
  }),
});

async function putPolicies(
  ecr: RepositoryPort,
  repositoryName: string,
  properties: RepositoryProperties,
) {
  const lifecyclePolicyText = properties.LifecyclePolicy?.LifecyclePolicyText;
  if (lifecyclePolicyText) await ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText });
  else {
    await ignoring('LifecyclePolicyNotFoundException', () =>
      ecr.deleteLifecyclePolicy({ repositoryName }),
    );
  }
  const policyText = properties.RepositoryPolicyText;
  if (policyText) await ecr.setRepositoryPolicy({ repositoryName, policyText, force: true });
  else {
    await ignoring('RepositoryPolicyNotFoundException', () =>
      ecr.deleteRepositoryPolicy({ repositoryName }),
    );
  }
}

function desiredTags(
  { stackTags }: Pick<DesiredResource, 'stackTags'>,
  { Tags }: RepositoryProperties,
): ResourceTag[] {
  const values = new Map([...stackTags, ...Tags].map(({ Key, Value }) => [Key, Value]));
  return [...values].map(([Key, Value]) => ({ Key, Value }));
}

async function putTags(ecr: RepositoryPort, resourceArn: string, tags: readonly ResourceTag[]) {
  const { tags: present } = await ecr.listTagsForResource({ resourceArn });
  const wanted = new Set(tags.map(({ Key }) => Key));
  const tagKeys = present.map(({ Key }) => Key).filter((key) => !wanted.has(key));
  if (tagKeys.length > 0) await ecr.untagResource({ resourceArn, tagKeys });
  if (tags.length > 0) await ecr.tagResource({ resourceArn, tags });
}

async function ignoring(code: EcrErrorCode, run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof EcrError && error.code === code)) throw error;
  }
}

const handlerCodes: Partial<Record<EcrErrorCode, HandlerErrorCode>> = {
  InvalidParameterException: 'InvalidRequest',
  RepositoryNotFoundException: 'NotFound',
};

async function asResourceError<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof EcrError)) throw error;
    if (error.code === 'RepositoryAlreadyExistsException') {
      const name = /'([^']+)'/.exec(error.message)?.[1] ?? '';
      throw alreadyExists(repositoryType, name);
    }
    throw new ResourceError(
      handlerCodes[error.code] ?? 'GeneralServiceException',
      `${error.message} (Service: Ecr, Error Code: ${error.code})`,
      { cause: error },
    );
  }
}
