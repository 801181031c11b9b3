import { type z } from 'zod';
import { registryEnvironment, reportingOptions } from '../shared-options';

export const driftOptions = reportingOptions(
  'drift',
  'Reports drift between the declared and the actual repositories. Exits with 0 if there is none, 1 if there is.',
  { environment: registryEnvironment },
);

export type DriftOptions = z.infer<typeof driftOptions>;
