import { preTasksExecution, replacedConfiguration } from './requested-configuration';

const api = { projectName: 'api', targetName: 'docker-push', configurationName: 'dev' };

async function replacedIn(command: string, target = api) {
  const context = { id: '1', workspaceRoot: '/', nxJsonConfiguration: {} };
  await preTasksExecution(undefined, {
    ...context,
    argv: ['/bin/node', '/w/nx', ...command.split(' ')],
  });
  return replacedConfiguration(target);
}

describe('a configuration that Nx has replaced by the default', () => {
  it.each([
    ['run api:docker-push -c production', 'production'],
    ['run api:docker-push -c=production', 'production'],
    ['run api:docker-push:production', 'production'],
    ['docker-push api --configuration production', 'production'],
    ['run-many -t docker-push --configuration=live --parallel=2', 'live'],
    ['affected -t docker-push --prod', 'production'],
    ['run api:docker-push -c dev -c live', 'live'],
  ])('is recognized in "nx %s"', async (command, expected) => {
    expect(await replacedIn(command)).toBe(expected);
  });

  it.each([
    'run api:docker-push',
    'run api:docker-push:dev',
    'run api:docker-push -c dev',
    'run api:docker-push -- -c live',
    'run api:docker-push --config=live',
    'run web:serve:live',
    'run-many -t docker-push --registry=r.io:5000:x',
  ])('is not seen in "nx %s"', async (command) => {
    expect(await replacedIn(command)).toBeUndefined();
  });

  it('is forgotten by the next run', async () => {
    await replacedIn('run api:docker-push -c live');
    expect(await replacedIn('run api:docker-push')).toBeUndefined();
  });
});
