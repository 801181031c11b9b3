const {
  CreateRepositoryCommand,
  ECRClient,
  ListImagesCommand,
  PutImageCommand,
  PutLifecyclePolicyCommand,
} = require('@aws-sdk/client-ecr');
const { startEcrLocal } = require('@typerush/ecr-local');
const { image, policy, repositoryName } = require('./repository.cjs');

let ecrLocal;
let ecr;

beforeAll(async () => {
  ecrLocal = await startEcrLocal();
  ecr = new ECRClient(ecrLocal.clientConfig);
});
afterAll(async () => {
  ecr.destroy();
  await ecrLocal.close();
});

it('expires an image a week after it has lost its tag', async () => {
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: policy }));
  for (const version of ['1', '2']) {
    const imageManifest = image(version);
    await ecr.send(new PutImageCommand({ repositoryName, imageTag: 'latest', imageManifest }));
  }

  await ecrLocal.clock.advance({ days: 8 });

  const { imageIds } = await ecr.send(new ListImagesCommand({ repositoryName }));
  expect(imageIds.map(({ imageTag }) => imageTag)).toEqual(['latest']);
});
