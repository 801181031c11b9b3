import { provisionTarget } from './target';

describe('the target provision', () => {
  it('deploys the stack of its service, in the environment of its configuration, one at a time', () => {
    expect(provisionTarget('game-service')).toMatchObject({
      executor: '@typerush/nx-ecr:cdk',
      cache: false,
      parallelism: false,
      options: { command: 'deploy', service: 'game-service' },
      configurations: { local: { environment: 'local' }, prod: { environment: 'prod' } },
      defaultConfiguration: 'dev',
    });
  });
});
