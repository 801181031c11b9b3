import { ecrCredentials } from './ecr-credentials';

describe('ecrCredentials', () => {
  it.each(['public.ecr.aws', 'registry-1.docker.io', '127.0.0.1:5100', 'ecr.example.com'])(
    'has none for %s, since it is not a private registry of ECR',
    async (host) => {
      expect(await ecrCredentials(host, 'node')).toBeUndefined();
    },
  );

  it('explains a failure to get an authorization token', async () => {
    const getting = ecrCredentials('123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'cache/node');
    await expect(getting).rejects.toMatchObject({ code: 'CREDENTIALS_MISSING' });
  });
});
