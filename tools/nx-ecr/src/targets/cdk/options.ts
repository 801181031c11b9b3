import * as z from 'zod';
import { executorMeta, flag, optionalText, registryEnvironment } from '../shared-options';

export const cdkOptions = z
  .strictObject({
    command: z
      .enum(['deploy', 'diff', 'synth', 'destroy'])
      .meta({ description: 'Command of the AWS CDK. Required.' }),
    environment: registryEnvironment,
    service: optionalText(
      'Service whose stack to use, with the stacks it depends on. Default: all stacks.',
    ),
    revertDrift: flag(
      'Deploy, and also undo changes that were made outside the stacks. Default: off.',
    ),
    yes: flag(
      'Destroy without a prompt if every image that would be deleted has a backup. Default: off.',
    ),
    force: flag('Destroy without a prompt, even images that have no backup. Default: off.'),
  })
  .meta(executorMeta('cdk', 'Runs a command of the AWS CDK on the stacks of one environment.'));

export type CdkTargetOptions = z.infer<typeof cdkOptions>;
