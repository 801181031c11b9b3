import { setTimeout as wait } from 'node:timers/promises';
import { type EcrTarget } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import {
  PipelineError,
  type PipelineEnvironment,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { reportProgressTo } from '@typerush/terminal-output';
import { destinationsOf, ecrOf } from '../push/destinations-of';
import { EcrImageScans } from './ecr-image-scans';
import { type ScanServices } from './scan-image';

/** The scans of an ECR, on this machine. */
export const scansOf = (
  ecr: EcrTarget,
  names: { readonly project: string; readonly environment: Environment },
): ScanServices => ({
  scans: new EcrImageScans(ecr, names),
  wait: (milliseconds) => wait(milliseconds),
  now: Date.now,
  reporter: reportProgressTo(process.stderr),
});

/** The scans of an environment: of its first destination that is Amazon ECR. @throws PipelineError `SCAN_UNSUPPORTED` */
export function scanServices(
  service: ServiceImage,
  environment: Environment,
  machine: PipelineEnvironment,
): ScanServices {
  const { project } = service;
  const ecr = ecrOf(destinationsOf(service, { environment, machine }));
  if (ecr) return scansOf(ecr, { project, environment });
  throw new PipelineError(
    'SCAN_UNSUPPORTED',
    `Cannot scan ${project} in ${environment}: no destination is Amazon ECR.\n` +
      'Fix: add a destination with a region to registry.json.',
  );
}
