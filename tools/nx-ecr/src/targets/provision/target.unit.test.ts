import { provisionTarget } from './target';

describe('provisionTarget', () => {
  it('deploys the stack of its service in the environment of its configuration, without parallelism', () => {
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
