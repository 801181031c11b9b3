import { type Environment, environments } from '@typerush/image-registry';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { type Stack } from 'aws-cdk-lib/core';
import { deliveredFrom, everything, sources, synthesize, typerush } from '../test/registry';
import { type EnvironmentSettings, environmentSettings } from './environments';

const supportingStacks = ['alerts', 'delivery', 'scanning', 'monitoring', 'cost'];
const all: EnvironmentSettings = {
  ...deliveredFrom(sources.github),
  scanning: {},
  monitoring: {},
  cost: {},
};

function template(stack: Stack | undefined): Template {
  if (!stack) throw new Error('there is no such stack');
  return Template.fromStack(stack);
}

const stacksOf = (settings: EnvironmentSettings, environment: Environment = 'dev') =>
  synthesize(environment, { settings }).stacks;

const supportingStacksOf = (settings: EnvironmentSettings) =>
  Object.keys(stacksOf(settings)).filter((name) => supportingStacks.includes(name));

describe('the stacks that watch over a registry', () => {
  it('are those that the settings request, and the topic that each publishes to', () => {
    expect(supportingStacksOf({})).toEqual([]);
    expect(supportingStacksOf({ emails: ['a@example.com'] })).toEqual([]);
    expect(supportingStacksOf({ scanning: {} })).toEqual(['alerts', 'scanning']);
    expect(supportingStacksOf({ cost: {} })).toEqual(['alerts', 'cost']);
    expect(supportingStacksOf(all)).toEqual(supportingStacks);
  });

  it('come after the topic, and delivery after the roles that its policies hang on', () => {
    const stacks = stacksOf(all);
    for (const name of ['scanning', 'monitoring', 'cost']) {
      expect(stacks[name]?.dependencies).toEqual([stacks['alerts']]);
    }
    expect(new Set(stacks['delivery']?.dependencies)).toEqual(
      new Set([stacks['access'], stacks['alerts']]),
    );
  });

  it.each(environments)('publish to the topic of %s by its name', (environment) => {
    const stacks = stacksOf(all, environment);
    const TopicName = `typerush-${environment}-registry-alerts`;
    template(stacks['alerts']).hasResourceProperties('AWS::SNS::Topic', { TopicName });
    for (const name of ['delivery', 'scanning', 'monitoring', 'cost']) {
      expect(JSON.stringify(template(stacks[name]).toJSON())).toContain(`:${TopicName}"`);
    }
  });

  it('write to those who are named', () => {
    template(stacksOf({ ...all, emails: ['a@example.com'] })['alerts']).hasResourceProperties(
      'AWS::SNS::Subscription',
      { Protocol: 'email', Endpoint: 'a@example.com' },
    );
  });

  it('declare the budget that they show and raise alarms by', () => {
    const stacks = stacksOf({ ...all, cost: { monthlyUsd: 8 } });
    template(stacks['cost']).hasResourceProperties('AWS::Budgets::Budget', {
      Budget: Match.objectLike({ BudgetLimit: { Amount: 8, Unit: 'USD' } }),
    });
    template(stacks['monitoring']).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'typerush-dev-registry-monitoring-size',
      Threshold: 80e9,
    });
  });

  it('raise an alarm by the threshold of the scans', () => {
    const alarm = (expression: unknown) => ({
      AlarmName: 'typerush-dev-registry-monitoring-findings',
      Metrics: expression,
    });
    const monitoring = (settings: EnvironmentSettings) =>
      template(stacksOf(settings)['monitoring']);
    monitoring(all).hasResourceProperties('AWS::CloudWatch::Alarm', alarm(Match.absent()));
    for (const threshold of ['HIGH', 'LOW'] as const) {
      monitoring({ ...all, scanning: { threshold } }).hasResourceProperties(
        'AWS::CloudWatch::Alarm',
        alarm(Match.arrayWith([Match.objectLike({ Expression: 'critical + high' })])),
      );
    }
  });

  it('have the build project on the dashboard that they make', () => {
    const stacks = stacksOf(all);
    template(stacks['delivery']).hasResourceProperties('AWS::CodeBuild::Project', {
      Name: 'typerush-dev-registry-delivery',
    });
    const body = JSON.stringify(template(stacks['monitoring']).toJSON());
    expect(body).toContain('typerush-dev-registry-delivery');
    const without = stacksOf({ monitoring: {} });
    expect(JSON.stringify(template(without['monitoring']).toJSON())).not.toContain('AWS/CodeBuild');
  });

  it('let GitHub Actions record what they pushed, if they push', () => {
    const { github } = everything;
    template(stacksOf({ ...all, github })['delivery']).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ 'Fn::Join': ['', ['typerush-dev-registry-github-', { Ref: 'AWS::Region' }]] }],
      PolicyDocument: {
        Statement: [Match.objectLike({ Action: ['ssm:GetParameter', 'ssm:PutParameter'] })],
      },
    });
  });

  it('have no build project, which could not run, unless its source is set', () => {
    const { github } = everything;
    for (const environment of environments) {
      const { delivery } = stacksOf(environmentSettings[environment], environment);
      template(delivery).resourceCountIs('AWS::CodeBuild::Project', 0);
      template(delivery).resourceCountIs('AWS::SSM::Parameter', 1);
    }
    const stacks = stacksOf({ github, delivery: {}, monitoring: {} });
    template(stacks['delivery']).resourceCountIs('AWS::IAM::Policy', 1);
    expect(JSON.stringify(template(stacks['monitoring']).toJSON())).not.toContain('AWS/CodeBuild');
  });

  it.each(Object.entries(sources))('start a build for each commit from %s', (_, source) => {
    const delivery = template(stacksOf(deliveredFrom(source))['delivery']);
    const triggered = {
      webhook: Object.values(delivery.findResources('AWS::CodeBuild::Project')).some(
        ({ Properties }) => Properties.Triggers?.Webhook === true,
      ),
      rule: Object.keys(delivery.findResources('AWS::Events::Rule')).length === 1,
      pipeline: source.type === 'codepipeline',
    };
    expect(Object.values(triggered).filter(Boolean)).toEqual([true]);
  });

  it('change the scanning of the whole registry only if that is set', () => {
    const type = 'AWS::ECR::RegistryScanningConfiguration';
    template(stacksOf(all)['scanning']).resourceCountIs(type, 0);
    template(stacksOf({ scanning: { enhanced: true } })['scanning']).resourceCountIs(type, 1);
  });

  it('fit into a request with a hundred services, and hold no asset', () => {
    const services = Array.from({ length: 100 }, (_, nth) => ({
      service: `service-${nth}`,
      repository: `service-${nth}`,
      retention: 'environment' as const,
      declaredIn: `apps/service-${nth}/image.json`,
    }));
    const { stacks } = synthesize('prod', {
      systems: [{ ...typerush, services: [...typerush.services, ...services] }],
      settings: { ...everything, lambdaFunctions: {} },
    });
    for (const name of supportingStacks) {
      const text = JSON.stringify(template(stacks[name]).toJSON(), null, 1);
      expect([name, Buffer.byteLength(text) < 45_000]).toEqual([name, true]);
      expect(text).not.toContain('cdk-hnb659fds');
    }
  });
});

describe('the settings', () => {
  it.each(environments)('of %s have images delivered, scanned and watched', (environment) => {
    expect(environmentSettings[environment]).toMatchObject({
      delivery: {},
      scanning: {},
      monitoring: {},
    });
  });

  it('budget USD 5 a month where they budget', () => {
    const { stacks } = synthesize('dev', { settings: environmentSettings.dev });
    template(stacks['cost']).hasResourceProperties('AWS::Budgets::Budget', {
      Budget: Match.objectLike({ BudgetLimit: { Amount: 5, Unit: 'USD' } }),
    });
  });
});

describe('the check of images in use', () => {
  const alarmsOf = (monitoring: { readonly imagesInUse?: boolean }) => {
    const { monitoring: stack } = synthesize('dev', { settings: { monitoring } }).stacks;
    const alarms = Template.fromStack(stack as Stack).findResources('AWS::CloudWatch::Alarm');
    const names = Object.values(alarms).map((alarm) => String(alarm['Properties'].AlarmName));
    return names.filter((name) => /image.*-in-use/.test(name)).sort();
  };

  it('is part of monitoring with its two alarms, unless it is set to false', () => {
    expect(alarmsOf({})).toEqual([
      'typerush-dev-registry-monitoring-image-in-use-expires',
      'typerush-dev-registry-monitoring-images-in-use-unchecked',
    ]);
    expect(alarmsOf({ imagesInUse: false })).toEqual([]);
  });
});
