import { type Stack } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { type RegistryContext } from '../registry-context';
import { addAlertStack } from './alert-stack';
import { addCostStack } from './cost-stack';
import { addDeliveryStack } from './delivery-stack';
import { addMonitoringStack } from './monitoring-stack';
import { addScanningStack } from './scanning-stack';

/** Monitoring and delivery of a registry. All of them publish to the topic of the alert stack, which therefore comes first. */
export function addSupportingStacks(
  scope: Construct,
  context: RegistryContext,
  access: Stack,
): void {
  const alerts = addAlertStack(scope, context);
  if (!alerts) return;
  const delivery = addDeliveryStack(scope, context);
  // Its policies hang on the roles.
  delivery?.addStackDependency(access);
  const others = [addScanningStack, addMonitoringStack, addCostStack].map((add) =>
    add(scope, context),
  );
  for (const stack of [delivery, ...others]) stack?.addStackDependency(alerts);
}
