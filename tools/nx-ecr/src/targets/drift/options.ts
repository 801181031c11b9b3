import * as z from 'zod';
import { resultOptions } from '../report-result';
import { directOutput, executorMeta, registryEnvironment } from '../shared-options';

export const driftOptions = z
  .strictObject({ environment: registryEnvironment, ...resultOptions })
  .meta({
    ...executorMeta(
      'drift',
      'Reports drift between the declared and the actual repositories. Exits with 0 if there is none, 1 if there is.',
    ),
    ...directOutput,
  });

export type DriftOptions = z.infer<typeof driftOptions>;
