import { type AwsLocation, partitionOf } from '../template/pseudo-parameters';
import { generatedName } from './generated-name';
import { type ReferredResource, type ResourceHandler } from './resource-handler';

/** The text about such a resource in the events and the log. */
export const recordedReason = 'recorded, not emulated';

/**
 * A type that is not emulated: nothing is made, but the resource is kept in its stack, and its `Ref` and its
 * attributes give plausible values, so that what refers to it can be deployed.
 */
export function createRecordedHandler(
  type: string,
  location: AwsLocation,
  newId: () => string,
): ResourceHandler {
  const known: RecordedType = Object.hasOwn(recordedTypes, type) ? (recordedTypes[type] ?? {}) : {};
  const arn = (resource: ReferredResource) => arnOf(type, known, location, nameOf(known, resource));
  return {
    emulated: false,
    immutable: known.name ? [known.name] : [],
    nameProperty: known.name,
    taggable: false,
    physicalId: (resource) => {
      const name = known.name && resource.properties[known.name];
      const id = known.idPrefix
        ? known.idPrefix + newId().replaceAll('-', '').slice(0, 17)
        : generatedName(resource, newId);
      const chosen = typeof name === 'string' ? name : id;
      return known.ref === 'arn' ? arnOf(type, known, location, withoutScheme(chosen)) : chosen;
    },
    ref: ({ physicalId }) => physicalId,
    attribute: (resource, name) => {
      if (name.endsWith('Arn')) return arn(resource);
      const property = Object.hasOwn(resource.properties, name)
        ? resource.properties[name]
        : undefined;
      return typeof property === 'string' ? property : `${nameOf(known, resource)}.${name}`;
    },
    exists: () => Promise.resolve(false),
    create: () => Promise.resolve({}),
    update: () => Promise.resolve({}),
    delete: () => Promise.resolve(),
  };
}

const withoutScheme = (name: string) => name.replace(/^https?:\/\//, '');

/** The name within the ARN, if the physical id is the ARN. */
function nameOf(known: RecordedType, { physicalId }: ReferredResource): string {
  return known.ref === 'arn'
    ? physicalId
        .split(/[:/]/)
        .slice(known.arn?.includes('/') ? 6 : 5)
        .join('/')
    : physicalId;
}

function arnOf(
  type: string,
  known: RecordedType,
  { accountId, region }: AwsLocation,
  name: string,
): string {
  const [, service = 'custom', kind = 'resource'] = type.split('::');
  const format = known.arn ?? `${service.toLowerCase()}:$region:$account:${kind.toLowerCase()}/{}`;
  const rest = format
    .replace('$region', region)
    .replace('$account', accountId)
    .replace('{}', () => (format.endsWith('/{}') ? name.replace(/^\//, '') : name));
  return `arn:${partitionOf(region)}:${rest}`;
}

/** How ids and ARNs of a type that is only recorded look. */
interface RecordedType {
  /** The property that names the resource. */
  readonly name?: string;
  /** What `Ref` gives: the name (the default) or the ARN. */
  readonly ref?: 'arn';
  /** ARN after the partition; `{}` is the name. Without it: `<service>:<region>:<account>:<type>/<name>`. */
  readonly arn?: string;
  /** Prefix of ids that the service makes up. */
  readonly idPrefix?: string;
}

/**
 * The types that registry stacks use beside repositories. Others are recorded as well, with a generated name.
 * Regional ARNs hold `$region` and `$account`.
 */
const recordedTypes: Readonly<Record<string, RecordedType>> = {
  'AWS::CloudWatch::Alarm': { name: 'AlarmName', arn: 'cloudwatch:$region:$account:alarm:{}' },
  'AWS::CloudWatch::Dashboard': { name: 'DashboardName', arn: 'cloudwatch::$account:dashboard/{}' },
  'AWS::CodeBuild::Project': { name: 'Name', arn: 'codebuild:$region:$account:project/{}' },
  'AWS::EC2::InternetGateway': {
    idPrefix: 'igw-',
    arn: 'ec2:$region:$account:internet-gateway/{}',
  },
  'AWS::EC2::RouteTable': { idPrefix: 'rtb-', arn: 'ec2:$region:$account:route-table/{}' },
  'AWS::EC2::SecurityGroup': { idPrefix: 'sg-', arn: 'ec2:$region:$account:security-group/{}' },
  'AWS::EC2::Subnet': { idPrefix: 'subnet-', arn: 'ec2:$region:$account:subnet/{}' },
  'AWS::EC2::VPC': { idPrefix: 'vpc-', arn: 'ec2:$region:$account:vpc/{}' },
  'AWS::EC2::VPCEndpoint': { idPrefix: 'vpce-', arn: 'ec2:$region:$account:vpc-endpoint/{}' },
  'AWS::ECS::Cluster': { name: 'ClusterName', arn: 'ecs:$region:$account:cluster/{}' },
  'AWS::Events::Rule': { name: 'Name', arn: 'events:$region:$account:rule/{}' },
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    ref: 'arn',
    arn: 'iam::$account:policy/{}',
  },
  'AWS::IAM::OIDCProvider': { name: 'Url', ref: 'arn', arn: 'iam::$account:oidc-provider/{}' },
  'AWS::IAM::Policy': { name: 'PolicyName', arn: 'iam::$account:policy/{}' },
  'AWS::IAM::Role': { name: 'RoleName', arn: 'iam::$account:role/{}' },
  'AWS::IAM::User': { name: 'UserName', arn: 'iam::$account:user/{}' },
  'AWS::KMS::Alias': { name: 'AliasName', arn: 'kms:$region:$account:{}' },
  'AWS::KMS::Key': { arn: 'kms:$region:$account:key/{}' },
  'AWS::Lambda::Function': { name: 'FunctionName', arn: 'lambda:$region:$account:function:{}' },
  'AWS::Logs::LogGroup': { name: 'LogGroupName', arn: 'logs:$region:$account:log-group:{}:*' },
  'AWS::S3::Bucket': { name: 'BucketName', arn: 's3:::{}' },
  'AWS::SNS::Topic': { name: 'TopicName', ref: 'arn', arn: 'sns:$region:$account:{}' },
  'AWS::SQS::Queue': { name: 'QueueName', arn: 'sqs:$region:$account:{}' },
  'AWS::SSM::Parameter': { name: 'Name', arn: 'ssm:$region:$account:parameter/{}' },
};
