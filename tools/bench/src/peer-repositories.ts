import { App, BootstraplessSynthesizer, Stack } from 'aws-cdk-lib/core';
import * as ecr from 'aws-cdk-lib/aws-ecr';

/** The alternative: only the CDK's own construct, a stack for each service, with those rules of a profile that it supports. */
const app = new App({
  analyticsReporting: false,
  treeMetadata: false,
  defaultStackSynthesizer: new BootstraplessSynthesizer(),
});
for (let n = 1; n <= Number(process.argv[2]); n += 1) {
  new ecr.Repository(new Stack(app, `service-${n}`), 'Repository', {
    repositoryName: `bench/service-${n}`,
    imageScanOnPush: true,
    lifecycleRules: [
      { tagPrefixList: ['v'], maxImageCount: 10 },
      { tagPrefixList: ['prod'], maxImageCount: 10 },
      { tagPrefixList: ['staging'], maxImageCount: 10 },
      { tagPrefixList: ['dev'], maxImageCount: 10 },
    ],
  });
}
app.synth();
