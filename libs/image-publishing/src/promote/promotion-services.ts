import { EcrImageRecords } from '@typerush/ecr-access';
import { type Environment } from '@typerush/image-registry';
import { type PipelineEnvironment, PipelineError } from '@typerush/pipeline-context';
import { scanGate, signatureGate } from '../gate/gates';
import { destinationsOf } from '../push/destinations';
import { releaseServices } from '../release/release-services';
import { type ScanOptions } from '../scan/scan-image';
import { scansOf } from '../scan/scan-service';
import { type PromotedServices, type PromotionServices } from './promote-service';

export interface PromotionSettings extends Omit<ScanOptions, 'environment'> {
  readonly from: Environment;
  readonly to: Environment;
  /** Profiles of the AWS configuration. */
  readonly fromProfile?: string;
  readonly toProfile?: string;
  readonly json: boolean;
}

/** The services of a promotion on this machine. @throws PipelineError `SCAN_UNSUPPORTED` */
export function promotionServices(
  services: PromotedServices,
  settings: PromotionSettings,
  machine: PipelineEnvironment,
): PromotionServices {
  const { from, to, fromProfile, toProfile } = settings;
  const { project } = services.source;
  const source = destinationsOf(services.source, {
    environment: from,
    machine,
    profile: fromProfile,
  }).find(({ ecr }) => ecr);
  if (!source?.ecr) throw withoutScans(project, from);
  const destinations = destinationsOf(services.target, {
    environment: to,
    machine,
    profile: toProfile,
  });
  const names = { project, environment: from };
  const scan = scanGate(services.target, settings, scansOf(source.ecr, names));
  return {
    ...releaseServices(destinations, settings, machine),
    source,
    records: new EcrImageRecords(source.ecr, names),
    gates: [scan, signatureGate(services.target)],
  };
}

const withoutScans = (project: string, environment: Environment) =>
  new PipelineError(
    'SCAN_UNSUPPORTED',
    `Cannot promote ${project} from ${environment}: a promotion requires a scan, and no destination of ${environment} is Amazon ECR.\n` +
      'Fix: add a destination with a region to registry.json.',
  );
