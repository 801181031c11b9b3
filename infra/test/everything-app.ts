import { App, BootstraplessSynthesizer } from 'aws-cdk-lib/core';
import { addRegistryStacks } from '../src/registry-stacks';
import { everything, platform, typerush } from './registry';

/** The CDK app of an environment with all that may be set. */
const app = new App({ defaultStackSynthesizer: new BootstraplessSynthesizer() });
addRegistryStacks(app, {
  systems: [typerush, platform],
  environment: 'staging',
  settings: everything,
});
app.synth();
