import { type EcrTarget } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { explainedCall } from './aws-call';
import { ecsImageUses } from './ecs-image-uses';
import { type ImageUse } from './image-use';
import { lambdaImageUses } from './lambda-image-uses';

/**
 * The images that ECS and Lambda use in the account and region of the target.
 *
 * @throws PipelineError ACCESS_DENIED with the actions of IAM that are needed, and others
 */
export async function awsImageUses(
  target: EcrTarget,
  environment: Environment,
): Promise<readonly ImageUse[]> {
  const call = explainedCall(environment);
  const ecs = await ecsImageUses(target, call);
  return [...ecs, ...(await lambdaImageUses(target, call))];
}
