/** How ids and ARNs of a type that is only recorded look. */
export interface RecordedType {
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
export const recordedTypes: Readonly<Record<string, RecordedType>> = {
  'AWS::CloudWatch::Alarm': { name: 'AlarmName', arn: 'cloudwatch:$region:$account:alarm:{}' },
  'AWS::CloudWatch::Dashboard': { name: 'DashboardName', arn: 'cloudwatch::$account:dashboard/{}' },
  'AWS::CodeBuild::Project': { name: 'Name', arn: 'codebuild:$region:$account:project/{}' },
  'AWS::EC2::SecurityGroup': { idPrefix: 'sg-', arn: 'ec2:$region:$account:security-group/{}' },
  'AWS::EC2::Subnet': { idPrefix: 'subnet-', arn: 'ec2:$region:$account:subnet/{}' },
  'AWS::EC2::VPC': { idPrefix: 'vpc-', arn: 'ec2:$region:$account:vpc/{}' },
  'AWS::EC2::VPCEndpoint': { idPrefix: 'vpce-', arn: 'ec2:$region:$account:vpc-endpoint/{}' },
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
