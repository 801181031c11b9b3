import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { explainEcrFailure, type EcrTarget } from '@typerush/ecr-access';
import { digestParameter, type Environment } from '@typerush/image-registry';

/** The digests that the stack of the services was deployed with, by service; none if it does not exist. */
export async function stackDigests(
  target: EcrTarget,
  {
    stack,
    environment,
    services,
  }: {
    readonly stack: string;
    readonly environment: Environment;
    readonly services: readonly string[];
  },
): Promise<ReadonlyMap<string, string>> {
  const client = new CloudFormationClient({ ...target });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const parameters = new Map(
      Stacks[0]?.Parameters?.map(({ ParameterKey, ParameterValue }) => [
        ParameterKey,
        ParameterValue,
      ]),
    );
    return new Map(
      services.flatMap((service) => {
        const digest = parameters.get(digestParameter(service));
        return digest ? [[service, digest] as const] : [];
      }),
    );
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return new Map();
    throw explainEcrFailure(error, {
      where: target.endpoint ?? 'AWS CloudFormation',
      repository: stack,
      project: 'infra',
      environment,
    });
  }
}
