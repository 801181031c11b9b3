import { z } from 'zod';
import { JsonError, parseJson } from '../input/bounded-json';
import { invalidParameter } from './refusals';

/**
 * The actions that ECR knows: its operations, and those of the last line, which are permissions only.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
const actions = `
  BatchCheckLayerAvailability BatchDeleteImage BatchGetImage BatchGetRepositoryScanningConfiguration CompleteLayerUpload
  CreatePullThroughCacheRule CreateRepository CreateRepositoryCreationTemplate DeleteLifecyclePolicy
  DeletePullThroughCacheRule DeleteRegistryPolicy DeleteRepository DeleteRepositoryCreationTemplate DeleteRepositoryPolicy
  DeleteSigningConfiguration DeregisterPullTimeUpdateExclusion DescribeImageReplicationStatus DescribeImageScanFindings
  DescribeImageSigningStatus DescribeImages DescribePullThroughCacheRules DescribeRegistry DescribeRepositories
  DescribeRepositoryCreationTemplates GetAccountSetting GetAuthorizationToken GetDownloadUrlForLayer GetLifecyclePolicy
  GetLifecyclePolicyPreview GetRegistryPolicy GetRegistryScanningConfiguration GetRepositoryPolicy GetSigningConfiguration
  InitiateLayerUpload ListImageReferrers ListImages ListPullTimeUpdateExclusions ListTagsForResource PutAccountSetting
  PutImage PutImageScanningConfiguration PutImageTagMutability PutLifecyclePolicy PutRegistryPolicy
  PutRegistryScanningConfiguration PutReplicationConfiguration PutSigningConfiguration RegisterPullTimeUpdateExclusion
  SetRepositoryPolicy StartImageScan StartLifecyclePolicyPreview TagResource UntagResource UpdateImageStorageClass
  UpdatePullThroughCacheRule UpdateRepositoryCreationTemplate UploadLayerPart ValidatePullThroughCacheRule
  BatchImportUpstreamImage GetImageCopyStatus ReplicateImage
`
  .trim()
  .split(/\s+/)
  .map((name) => `ecr:${name.toLowerCase()}`);

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([z.array(item).min(1), item.transform((one) => [one])]);

const action = z
  .string()
  .refine((pattern) => actions.some((known) => matches(pattern.toLowerCase(), known)));
const principal = z.union([z.literal('*'), z.record(z.string(), oneOrMore(z.string()))]);

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principal.optional(),
    NotPrincipal: principal.optional(),
    Action: oneOrMore(action).optional(),
    NotAction: oneOrMore(action).optional(),
    Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  })
  .refine(
    ({ Principal, NotPrincipal }) => (Principal === undefined) !== (NotPrincipal === undefined),
  )
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined));

/** Without `Resource`: the repository that has the policy is the resource, and ECR rejects any other. */
const policy = z.strictObject({
  Version: z.enum(['2008-10-17', '2012-10-17']).optional(),
  Id: z.string().optional(),
  Statement: oneOrMore(statement),
});

/**
 * Rejects what ECR rejects of a repository policy, in its words; whom it allows what is not judged.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export function checkRepositoryPolicy(text: string): void {
  if (policy.safeParse(read(text)).success) return;
  throw invalidParameter('PolicyText', 'Invalid repository policy provided');
}

function read(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw invalidParameter('PolicyText', `Invalid repository policy provided: it ${error.message}`);
  }
}

/** IAM's wildcards: `*` for any run of characters, `?` for one. Goes back to the last `*` only, so it takes no exponential time. */
function matches(pattern: string, text: string): boolean {
  let star = -1;
  let resume = 0;
  let at = 0;
  for (let index = 0; index < text.length;) {
    if (pattern[at] === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      resume += 1;
      index = resume;
      at = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
