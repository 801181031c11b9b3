import { environments, type Environment } from '@typerush/image-registry';
import { Template } from 'aws-cdk-lib/assertions';
import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib/core';
import { addRegistryStacks } from './registry-stacks';
import { type ServiceDeclaration } from './service-declaration';
import { type System } from './systems/system';

const gameService: ServiceDeclaration = {
  service: 'game-service',
  repository: 'game-service',
  retention: 'environment',
  declaredIn: 'apps/game-service/image.json',
};
const recordService: ServiceDeclaration = {
  service: 'record-service',
  repository: 'record-service',
  retention: 'release',
  declaredIn: 'apps/record-service/image.json',
};
const registry: System['registry'] = { namespace: 'typerush', naming: 'shared' };
const workspace: System = { registry, services: [gameService, recordService] };

/** The stacks by the part of their name that follows `typerush-<environment>-registry-`. */
function synthesize(environment: Environment, of: System = workspace): Record<string, Stack> {
  const app = new App({ defaultStackSynthesizer: new BootstraplessSynthesizer() });
  addRegistryStacks(app, { systems: [of], environment, settings: {} });
  const prefix = `typerush-${environment}-registry-`;
  return Object.fromEntries(
    app.node.children.filter(Stack.isStack).map((stack) => {
      expect(stack.stackName.startsWith(prefix)).toBe(true);
      return [stack.stackName.slice(prefix.length), stack];
    }),
  );
}

function template(stack: Stack | undefined): Template {
  if (!stack) throw new Error('there is no such stack');
  return Template.fromStack(stack);
}

describe.each(environments)('the stacks of %s', (environment) => {
  const stacks = synthesize(environment);

  it('are the roles, and one for each service', () => {
    expect(Object.keys(stacks)).toEqual(['access', 'game-service', 'record-service']);
    template(stacks['access']).resourceCountIs('AWS::IAM::Role', 2);
    template(stacks['game-service']).resourceCountIs('AWS::ECR::Repository', 1);
  });

  it('let in the roles that the access stack makes, and nobody else', () => {
    const roles = Object.values(template(stacks['access']).findResources('AWS::IAM::Role')).map(
      ({ Properties }) => `:role/${Properties.RoleName}`,
    );
    const [repository] = Object.values(
      template(stacks['game-service']).findResources('AWS::ECR::Repository'),
    );
    const principals = repository?.['Properties'].RepositoryPolicyText.Statement.map(
      ({ Principal }: { Principal: { AWS: { 'Fn::Join': [string, unknown[]] } } }) =>
        Principal.AWS['Fn::Join'][1].at(-1),
    );
    expect(principals).toEqual(roles);
    expect(roles).toEqual([
      `:role/typerush-${environment}-registry-push`,
      `:role/typerush-${environment}-registry-pull`,
    ]);
  });

  it('are deployed after the roles, without an import that ties them together', () => {
    for (const name of ['game-service', 'record-service']) {
      expect(stacks[name]?.dependencies).toEqual([stacks['access']]);
      expect(JSON.stringify(template(stacks[name]).toJSON())).not.toContain('Fn::ImportValue');
    }
    expect(JSON.stringify(template(stacks['access']).toJSON())).not.toContain('Export');
  });

  it('leave account and region open, need no bootstrap, and fit into a request', () => {
    for (const stack of Object.values(stacks)) {
      expect(stack.environment).toBe('aws://unknown-account/unknown-region');
      const json = template(stack).toJSON();
      expect(json).not.toHaveProperty('Rules');
      expect(json).not.toHaveProperty('Parameters');
      // CloudFormation takes 51,200 bytes inline.
      expect(JSON.stringify(json, null, 1).length).toBeLessThan(25_000);
    }
  });

  it('tell where each repository is', () => {
    const outputs = template(stacks['game-service']).findOutputs('*');
    expect(Object.keys(outputs)).toEqual(['RepositoryUri', 'RepositoryArn', 'RepositoryName']);
  });

  it('keep the logical name of the repository, a change of which would replace it', () => {
    expect(
      Object.keys(template(stacks['game-service']).findResources('AWS::ECR::Repository')),
    ).toEqual(['ServiceRepositoryB5DB2931']);
  });
});

describe('a repository', () => {
  it.each([
    ['shared', 'typerush/game-service'],
    ['per-environment', 'typerush-prod/game-service'],
  ] as const)('is named by the naming %s', (naming, RepositoryName) => {
    const stacks = synthesize('prod', { ...workspace, registry: { ...registry, naming } });
    template(stacks['game-service']).hasResourceProperties('AWS::ECR::Repository', {
      RepositoryName,
    });
  });

  it('lets Lambda in only where functions are declared', () => {
    const textService: ServiceDeclaration = {
      service: 'text-service',
      repository: 'text-service',
      retention: 'release',
      lambdaFunctions: 'typerush-text-*',
      declaredIn: 'infra/src/services-elsewhere.ts',
    };
    const stacks = synthesize('dev', { registry, services: [gameService, textService] });
    const policy = (name: string) => JSON.stringify(template(stacks[name]).toJSON());
    expect(policy('text-service')).toContain('lambda.amazonaws.com');
    expect(policy('game-service')).not.toContain('lambda.amazonaws.com');
  });

  it.each([
    ['service', 'game-service'],
    ['repository', 'typerush/game-service'],
  ] as const)('is refused where its %s is taken', (field, taken) => {
    const twin = { ...recordService, [field]: 'game-service' };
    const app = new App();
    expect(() =>
      addRegistryStacks(app, {
        systems: [{ registry, services: [gameService, twin] }],
        environment: 'dev',
        settings: {},
      }),
    ).toThrow(
      `apps/record-service/image.json: ${field} "${taken}" is taken by apps/game-service/image.json.`,
    );
    expect(app.node.children).toEqual([]);
  });

  it('is refused where ECR would not take its name, before any stack is made', () => {
    const long = { ...recordService, repository: 'a'.repeat(250) };
    const app = new App();
    expect(() =>
      addRegistryStacks(app, {
        systems: [{ registry, services: [gameService, long] }],
        environment: 'dev',
        settings: {},
      }),
    ).toThrow(expect.objectContaining({ code: 'INVALID_REPOSITORY_NAME' }));
    expect(app.node.children).toEqual([]);
  });
});
