import { EcrError } from '../../errors/ecr-error';
import { pageOf } from '../page';
import { type Registry } from '../registry';
import { type CreationTemplate } from '../registry-configuration';
import { checkedMutability } from './mutability';
import { refuseBadLifecycle } from './policies';
import { checkResourcePolicy } from '../resource-policy';
import { checkRoleArn } from '../role-arn';
import { modelled } from './modelled';

type TemplateRequest = Omit<CreationTemplate, 'createdAt' | 'updatedAt'>;

interface DescribeRequest {
  readonly prefixes?: readonly string[];
  readonly nextToken?: string;
  readonly maxResults?: number;
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-creation-templates.html */
export function creationTemplateOperations({
  account: registryId,
  configuration,
  clock,
}: Registry) {
  const answer = (template: CreationTemplate) => ({
    registryId,
    repositoryCreationTemplate: describe(template),
  });
  const find = (prefix: string, templates = configuration.get().templates): CreationTemplate => {
    const found = templates.find((each) => each.prefix === prefix);
    if (found) return found;
    throw new EcrError(
      'TemplateNotFoundException',
      `The repository creation template with the prefix '${prefix}' does not exist in the registry with id '${registryId}'`,
    );
  };
  return {
    createRepositoryCreationTemplate: modelled(
      'CreateRepositoryCreationTemplate',
      async (request: TemplateRequest) => {
        const now = clock().toISOString();
        const created = { ...checkedTemplate(registryId, request), createdAt: now, updatedAt: now };
        await configuration.update(({ templates }) => {
          if (templates.some(({ prefix }) => prefix === request.prefix)) {
            throw new EcrError(
              'TemplateAlreadyExistsException',
              `The repository creation template with the prefix '${request.prefix}' already exists in the registry with id '${registryId}'`,
            );
          }
          return { templates: [...templates, created] };
        });
        return answer(created);
      },
    ),
    updateRepositoryCreationTemplate: modelled(
      'UpdateRepositoryCreationTemplate',
      async (request: Partial<TemplateRequest> & { readonly prefix: string }) => {
        const { templates } = await configuration.update(({ templates: all }) => {
          const old = find(request.prefix, all);
          const changed = checkedTemplate(registryId, { ...old, ...request });
          const updatedAt = clock().toISOString();
          return {
            templates: all.map((each) =>
              each === old ? { ...changed, createdAt: old.createdAt, updatedAt } : each,
            ),
          };
        });
        return answer(find(request.prefix, templates));
      },
    ),
    deleteRepositoryCreationTemplate: modelled(
      'DeleteRepositoryCreationTemplate',
      async ({ prefix }: { readonly prefix: string }) => {
        const deleted = find(prefix);
        await configuration.update(({ templates }) => ({
          templates: templates.filter((each) => each.prefix !== prefix),
        }));
        return answer(deleted);
      },
    ),
    describeRepositoryCreationTemplates: modelled(
      'DescribeRepositoryCreationTemplates',
      ({ prefixes, ...page }: DescribeRequest) => {
        const { templates } = configuration.get();
        const requested = prefixes
          ? templates.filter(({ prefix }) => prefixes.includes(prefix))
          : templates;
        const { items, nextToken } = pageOf(requested, ({ prefix }) => prefix, page);
        return {
          registryId,
          repositoryCreationTemplates: items.map(describe),
          ...(nextToken !== undefined && { nextToken }),
        };
      },
    ),
  };
}

/** With the defaults that ECR answers. */
const describe = (template: CreationTemplate) => ({
  encryptionConfiguration: { encryptionType: 'AES256' },
  imageTagMutability: 'MUTABLE',
  resourceTags: [],
  ...template,
  createdAt: new Date(template.createdAt),
  updatedAt: new Date(template.updatedAt),
});

function checkedTemplate<T extends TemplateRequest>(account: string, template: T): T {
  checkRoleArn(account, template.customRoleArn);
  checkedMutability(template);
  if (template.lifecyclePolicy) refuseBadLifecycle(template.lifecyclePolicy);
  if (template.repositoryPolicy) checkResourcePolicy('repository', template.repositoryPolicy);
  return template;
}
