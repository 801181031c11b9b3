import { App, Stack } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';

/** What cdk-nag's AWS Solutions find in a stack with what is added to it. */
export function findings(add: (stack: Stack) => void): string[] {
  const app = new App();
  add(new Stack(app, 'Test'));
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map((resource) => `${ruleName}: ${JSON.stringify(resource)}`),
  );
}
