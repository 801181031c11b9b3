import { type Environment } from '@typerush/image-registry';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type OpeningServices } from '../push/open-destinations';

/** @throws PipelineError `SCAN_UNSUPPORTED` if a scan is required and no destination of the environment scans */
export function requireScans(
  { project, gates }: Pick<ServiceImage, 'project' | 'gates'>,
  environment: Environment,
  { destinations }: Pick<OpeningServices, 'destinations'>,
): void {
  if (!gates.includes('scan') || destinations.some(({ ecr }) => ecr)) return;
  throw new PipelineError(
    'SCAN_UNSUPPORTED',
    `Cannot push ${project} to ${environment}: registry.json requires a scan there (gates), and none of its destinations is Amazon ECR.\n` +
      'Fix: add a destination with a region, or remove the gate.',
  );
}
