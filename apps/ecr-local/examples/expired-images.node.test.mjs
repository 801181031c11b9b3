import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  CreateRepositoryCommand,
  ECRClient,
  ListImagesCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { startEcrLocal } from '@typerush/ecr-local';
import { image, policy, repositoryName } from './repository.cjs';

let ecrLocal;
let ecr;

before(async () => {
  ecrLocal = await startEcrLocal();
  ecr = new ECRClient(ecrLocal.clientConfig);
});
after(async () => {
  ecr.destroy();
  await ecrLocal.close();
});

test('an image expires a week after it has lost its tag', async () => {
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: policy }));
  for (const version of ['1', '2']) {
    const imageManifest = image(version);
    await ecr.send(new PutImageCommand({ repositoryName, imageTag: 'latest', imageManifest }));
  }

  await ecrLocal.clock.advance({ days: 8 });

  const { imageIds } = await ecr.send(new ListImagesCommand({ repositoryName }));
  assert.deepEqual(
    imageIds.map(({ imageTag }) => imageTag),
    ['latest'],
  );
});
