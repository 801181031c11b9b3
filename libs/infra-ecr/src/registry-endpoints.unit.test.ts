import { Template } from 'aws-cdk-lib/assertions';
import { App, Stack } from 'aws-cdk-lib/core';
import { RegistryEndpoints, type RegistryEndpointsProps } from './index';

const type = 'AWS::EC2::VPCEndpoint';
const network: RegistryEndpointsProps = {
  vpcId: 'vpc-0123456789abcdef0',
  cidr: '10.0.0.0/16',
  subnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
  routeTableIds: ['rtb-0cccccccccccccccc'],
};

function synthesize(props: Partial<RegistryEndpointsProps> = {}): Template {
  const stack = new Stack(new App(), 'Test');
  new RegistryEndpoints(stack, 'Endpoints', { ...network, ...props });
  return Template.fromStack(stack);
}

const service = (name: string) => ({
  'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, `.${name}`]],
});
const ownAccount = { StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } } };

describe('the endpoints of a registry', () => {
  it.each(['ecr.api', 'ecr.dkr', 'logs'])(
    'have %s under its own host name in every subnet',
    (name) => {
      const template = synthesize();
      const [group] = Object.keys(template.findResources('AWS::EC2::SecurityGroup'));
      template.hasResourceProperties(type, {
        VpcEndpointType: 'Interface',
        ServiceName: service(name),
        VpcId: network.vpcId,
        SubnetIds: network.subnetIds,
        PrivateDnsEnabled: true,
        SecurityGroupIds: [{ 'Fn::GetAtt': [group, 'GroupId'] }],
      });
    },
  );

  it.each(['ecr.api', 'ecr.dkr'])(
    'allow to %s what pushes, pulls and operation need of this account’s repositories, and pulls from others',
    (name) => {
      synthesize().hasResourceProperties(type, {
        ServiceName: service(name),
        PolicyDocument: {
          Statement: [
            {
              Sid: 'LogIn',
              Effect: 'Allow',
              Principal: { AWS: '*' },
              Action: 'ecr:GetAuthorizationToken',
              Resource: '*',
              Condition: ownAccount,
            },
            {
              Sid: 'OwnRepositories',
              Effect: 'Allow',
              Principal: { AWS: '*' },
              Action: [
                'ecr:BatchCheckLayerAvailability',
                'ecr:BatchDeleteImage',
                'ecr:BatchGetImage',
                'ecr:CompleteLayerUpload',
                'ecr:DescribeImageScanFindings',
                'ecr:DescribeImages',
                'ecr:DescribeRepositories',
                'ecr:GetDownloadUrlForLayer',
                'ecr:GetLifecyclePolicy',
                'ecr:GetLifecyclePolicyPreview',
                'ecr:GetRepositoryPolicy',
                'ecr:InitiateLayerUpload',
                'ecr:ListImages',
                'ecr:ListTagsForResource',
                'ecr:PutImage',
                'ecr:StartImageScan',
                'ecr:StartLifecyclePolicyPreview',
                'ecr:UploadLayerPart',
              ],
              Resource: {
                'Fn::Join': [
                  '',
                  [
                    'arn:',
                    { Ref: 'AWS::Partition' },
                    ':ecr:',
                    { Ref: 'AWS::Region' },
                    ':',
                    { Ref: 'AWS::AccountId' },
                    ':repository/*',
                  ],
                ],
              },
              Condition: ownAccount,
            },
            {
              Sid: 'PullFromOthers',
              Effect: 'Allow',
              Principal: { AWS: '*' },
              Action: [
                'ecr:BatchCheckLayerAvailability',
                'ecr:BatchGetImage',
                'ecr:GetDownloadUrlForLayer',
              ],
              Resource: {
                'Fn::Join': [
                  '',
                  [
                    'arn:',
                    { Ref: 'AWS::Partition' },
                    ':ecr:',
                    { Ref: 'AWS::Region' },
                    ':*:repository/*',
                  ],
                ],
              },
              Condition: ownAccount,
            },
          ],
        },
      });
    },
  );

  it.each(['ecr.api', 'ecr.dkr'])(
    'let %s import images only into the repositories of a pull-through cache',
    (name) => {
      const [policy] = Object.values(
        synthesize({ cachePrefixes: ['prod-public'] }).findResources(type),
      )
        .filter(({ Properties }) => JSON.stringify(Properties.ServiceName).includes(name))
        .map(({ Properties }) => Properties.PolicyDocument.Statement.at(-1));
      expect(policy).toMatchObject({
        Sid: 'PullThroughCache',
        Action: ['ecr:BatchImportUpstreamImage', 'ecr:CreateRepository'],
        Condition: ownAccount,
      });
      expect(JSON.stringify(policy.Resource)).toContain(':repository/prod-public/*');
    },
  );

  it('take logs only into groups of this account', () => {
    synthesize().hasResourceProperties(type, {
      ServiceName: service('logs'),
      PolicyDocument: {
        Statement: [
          {
            Sid: 'WriteLogs',
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':logs:',
                  { Ref: 'AWS::Region' },
                  ':',
                  { Ref: 'AWS::AccountId' },
                  ':log-group:*',
                ],
              ],
            },
            Condition: ownAccount,
          },
        ],
      },
    });
  });

  it('have a route to S3 that leads to the bucket with ECR’s layers and nowhere else', () => {
    synthesize().hasResourceProperties(type, {
      VpcEndpointType: 'Gateway',
      ServiceName: service('s3'),
      VpcId: network.vpcId,
      RouteTableIds: network.routeTableIds,
      PolicyDocument: {
        Statement: [
          {
            Sid: 'GetLayers',
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: 's3:GetObject',
            Resource: {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':s3:::prod-',
                  { Ref: 'AWS::Region' },
                  '-starport-layer-bucket/*',
                ],
              ],
            },
          },
        ],
      },
    });
  });

  it('allow this account’s principals to reach other buckets if they are named', () => {
    const [policy] = Object.values(synthesize({ otherBuckets: ['artifacts'] }).findResources(type))
      .filter(({ Properties }) => Properties.VpcEndpointType === 'Gateway')
      .map(({ Properties }) => Properties.PolicyDocument.Statement[1]);
    expect(policy).toMatchObject({ Sid: 'OtherBuckets', Effect: 'Allow', Condition: ownAccount });
    expect(JSON.stringify(policy.Resource)).toMatch(/:s3:::artifacts".*:s3:::artifacts\/\*"/);
  });

  it('are reachable only by HTTPS from the VPC, and have no outgoing traffic', () => {
    synthesize().hasResourceProperties('AWS::EC2::SecurityGroup', {
      VpcId: network.vpcId,
      SecurityGroupIngress: [
        { CidrIp: '10.0.0.0/16', IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
      ],
      SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp' }],
    });
  });

  it.each([
    [{ vpcId: 'main' }, 'invalid vpcId "main", expected one like vpc-'],
    [{ cidr: '0.0.0.0/0' }, 'invalid cidr "0.0.0.0/0", expected the range of a VPC'],
    [{ subnetIds: [] }, 'subnetIds is empty'],
    [{ subnetIds: ['subnet-0aaa'] }, 'invalid subnetIds "subnet-0aaa"'],
    [{ subnetIds: ['sn-1'] }, 'invalid subnetIds "sn-1", expected one like subnet-'],
    [{ routeTableIds: ['subnet-1'] }, 'invalid routeTableIds "subnet-1", expected one like rtb-'],
  ])('are refused with %j', (props, message) => {
    expect(() => synthesize(props)).toThrow(
      expect.objectContaining({ code: 'VPC', message: expect.stringContaining(message) }),
    );
  });
});
