import * as z from 'zod';
import { resultOptions } from '../report-result';
import {
  directOutput,
  executorMeta,
  imageEnvironment,
  optionalText,
  thresholdOption,
} from '../shared-options';

export const dockerAuditOptions = z
  .strictObject({
    environment: imageEnvironment,
    threshold: thresholdOption,
    advisories: optionalText(
      'Advisories: `npm` for the endpoint of the npm registry, or a folder or archive of OSV advisories, relative to the workspace root. Default: advisories of registry.json, else `npm`.',
    ),
    ...resultOptions,
  })
  .meta({
    ...executorMeta(
      'docker-audit',
      'Compares the npm packages of a bundle with advisories, and fails if a finding has the threshold severity or higher.',
    ),
    ...directOutput,
  });

export type DockerAuditOptions = z.infer<typeof dockerAuditOptions>;
