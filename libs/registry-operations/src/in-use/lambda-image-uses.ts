import { type FunctionConfiguration } from '@aws-sdk/client-lambda';
import { type EcrTarget } from '@typerush/ecr-access';
import { inBatches } from '../remote-registry';
import { type Call, maxAttempts } from './aws-call';
import { type ImageUse } from './image-use';

/** The images of Lambda functions, published versions included. Lambda runs the digest that the tag had when it was set. */
export async function lambdaImageUses(target: EcrTarget, call: Call): Promise<readonly ImageUse[]> {
  const sdk = await import('@aws-sdk/client-lambda');
  const client = new sdk.LambdaClient({ ...target, maxAttempts });
  const functions = await call('lambda:ListFunctions', async () => {
    const found: FunctionConfiguration[] = [];
    const pages = sdk.paginateListFunctions({ client }, { FunctionVersion: 'ALL' });
    for await (const { Functions = [] } of pages) found.push(...Functions);
    return found.filter(({ PackageType }) => PackageType === 'Image');
  });
  const uses = await inBatches(functions, async ({ FunctionName, Version }) => {
    const command = new sdk.GetFunctionCommand({ FunctionName, Qualifier: Version });
    const answer = await call('lambda:GetFunction', () =>
      client.send(command).catch((error: Error) => {
        // It was deleted after it was listed.
        if (error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      }),
    );
    const image = answer?.Code?.ResolvedImageUri ?? answer?.Code?.ImageUri;
    return image ? [{ image, user: `Lambda function ${FunctionName}:${Version}` }] : [];
  });
  return uses.flat();
}
