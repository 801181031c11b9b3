import { type Located, resourcesOf, type Templates } from './template';

/** What exists once in an account, or in a region of it: a second creation fails, or changes what others rely on. */
const onceInAnAccount: readonly string[] = [
  // https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_CreateAnomalyMonitor.html
  'AWS::CE::AnomalyMonitor',
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
  'AWS::IAM::OIDCProvider',
  // https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutRegistryScanningConfiguration.html
  'AWS::ECR::RegistryScanningConfiguration',
  'AWS::ECR::RegistryPolicy',
  'AWS::ECR::ReplicationConfiguration',
  // https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ImportSourceCredentials.html
  'AWS::CodeBuild::SourceCredential',
];

/** What templates without a request must not create. */
export function onceInAnAccountFaults(templates: Templates): string[] {
  return resourcesOf(templates, ...onceInAnAccount).map(
    ({ where, resource }) => `${where}: an account can have ${resource.Type} only once`,
  );
}

/** The property with the name of a resource whose name is one for all regions of an account. */
const namesOfAccount: Readonly<Record<string, string>> = {
  'AWS::Budgets::Budget': 'Budget.BudgetName',
  'AWS::CE::AnomalyMonitor': 'MonitorName',
  'AWS::CE::AnomalySubscription': 'SubscriptionName',
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html: they are global.
  'AWS::CloudWatch::Dashboard': 'DashboardName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::S3::Bucket': 'BucketName',
};

/** Names that collide if the same templates are deployed to a second region. */
export function nameFaults(templates: Templates): string[] {
  return resourcesOf(templates, ...Object.keys(namesOfAccount)).flatMap(({ where, resource }) => {
    const path = namesOfAccount[resource.Type] ?? '';
    const name = path
      .split('.')
      .reduce<unknown>(
        (value, key) => (value as Record<string, unknown> | undefined)?.[key],
        resource.Properties,
      );
    if (name === undefined || JSON.stringify(name).includes('"AWS::Region"')) return [];
    return [`${where}: ${path} ${JSON.stringify(name)} is the same in every region`];
  });
}

/** The property that fixes the name of a resource, by a part of it. */
const fixesName = (key: string, type: string) =>
  /Name$/.test(key) && (type.split('::')[2] ?? '').includes(key.replace(/Name$/, ''));

/**
 * A resource with a fixed name that outlives its stack: if its first creation is rolled back, it blocks the retry, unless its
 * policy is `RetainExceptOnCreate`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
 */
export function retentionFaults(templates: Templates): string[] {
  const isFixed = ({ resource: { Type, Properties = {} } }: Located) =>
    Object.keys(Properties).some((key) => fixesName(key, Type));
  return resourcesOf(templates)
    .filter((located) => located.resource.DeletionPolicy === 'Retain' && isFixed(located))
    .map(({ where }) => `${where}: is retained by its name even if its creation fails`);
}
