import { Validations } from 'aws-cdk-lib/core';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { synthesize, variants } from '../test/registry';

/** What cdk-nag's AWS Solutions find, but for what is acknowledged with a reason beside the resource. */
function findings({ app }: ReturnType<typeof synthesize>): string[] {
  app.synth();
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map((resource) => `${ruleName}: ${JSON.stringify(resource)}`),
  );
}

describe('cdk-nag’s AWS Solutions', () => {
  it.each(variants)(
    'find nothing in %s',
    (_name, synthesis) => {
      expect(findings(synthesis())).toEqual([]);
    },
    60_000,
  );

  it('find what is there to be found', () => {
    const synthesis = synthesize('dev');
    new Bucket(synthesis.stacks['access'] ?? synthesis.app, 'Open');
    expect(findings(synthesis)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^AwsSolutions-S10: .*access/)]),
    );
  });

  it('are acknowledged on single resources, with a reason', () => {
    for (const [, synthesis] of variants) {
      const { app } = synthesis();
      for (const construct of app.node.findAll()) {
        const acknowledged = construct.node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .flatMap(({ data }) => Object.values(data as Record<string, string>));
        if (acknowledged.length === 0) continue;
        for (const reason of acknowledged) expect(reason.length).toBeGreaterThan(20);
        const resources = construct.node.findAll().filter((each) => 'cfnResourceType' in each);
        expect([construct.node.path, resources.length]).toEqual([construct.node.path, 1]);
      }
    }
  });
});
