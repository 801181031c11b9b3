import { type z } from 'zod';
import { flag, optionalText, registryEnvironment, reportingOptions } from '../shared-options';

export const previewOptions = reportingOptions(
  'preview',
  'Shows which images each lifecycle policy would expire or archive, and why.',
  {
    environment: registryEnvironment,
    policy: optionalText(
      'File with a lifecycle policy in the format of ECR. Default: the policies in the registry.',
    ),
    images: optionalText(
      'File with images in the format of `aws ecr describe-images`; with --policy, no registry is queried. Default: the images in the registry.',
    ),
    now: optionalText(
      'Time to evaluate the policies at, as an ISO 8601 date; in UTC if it has no offset. Default: the current time.',
    ),
    repository: optionalText(
      'Full name of the repository to preview. Default: all repositories with a lifecycle policy.',
    ),
    declared: flag(
      'Preview the policies that `infra:synth` wrote for the environment, as a deployment would set them. Default: the policies in the registry.',
    ),
    inUse: flag(
      'Fail if an image would expire that an active ECS task definition, a service, a task or a Lambda function uses. Default: uses are not read.',
    ),
    inUseFile: optionalText(
      'File with images that are used elsewhere, as [{"image": "host/path:tag", "user": "name"}]; fail if one would expire. Default: none.',
    ),
  },
);

export type PreviewTargetOptions = z.infer<typeof previewOptions>;
