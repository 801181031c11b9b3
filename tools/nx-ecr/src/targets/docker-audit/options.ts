import { type z } from 'zod';
import {
  imageEnvironment,
  optionalText,
  reportingOptions,
  thresholdOption,
} from '../shared-options';

export const dockerAuditOptions = reportingOptions(
  'docker-audit',
  'Compares the npm packages of a bundle with advisories, and fails if a finding has the threshold severity or higher.',
  {
    environment: imageEnvironment,
    threshold: thresholdOption,
    advisories: optionalText(
      'Advisories: `npm` for the endpoint of the npm registry, or a folder or archive of OSV advisories, relative to the workspace root. Default: advisories of registry.json, else `npm`.',
    ),
  },
);

export type DockerAuditOptions = z.infer<typeof dockerAuditOptions>;
