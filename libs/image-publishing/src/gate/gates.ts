import { type Environment, type FindingSeverity } from '@typerush/image-registry';
import { type ContentSource, type Digest } from '@typerush/oci';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { auditBundle, type AuditServices } from '../audit/audit-bundle';
import { type OpeningServices } from '../push/destinations';
import { describeBlocking, orHigher, type ScannedImage } from '../scan/describe-scan';
import { type EvaluatedFinding } from '../scan/evaluate-scan';
import {
  type ImageToScan,
  scanImage,
  type ScanOptions,
  type ScanServices,
  scanThreshold,
} from '../scan/scan-image';

export interface GatedImage extends ImageToScan {
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  /** The repository, with what is attached to the image. */
  readonly content: ContentSource;
}

/** What an image has to pass before moving tags point to it. */
export interface Gate {
  /** For plans: `scan: no finding of severity HIGH or higher`. */
  readonly description: string;
  /** @throws PipelineError if the image does not pass, also if that cannot be decided */
  check(image: GatedImage): Promise<void>;
}

/** What has to be true of an image before anything is uploaded. */
export interface UploadGate extends Pick<Gate, 'description'> {
  /** @returns what it found and let pass @throws PipelineError if the image does not pass, also if that cannot be decided */
  check(): Promise<readonly EvaluatedFinding[]>;
}

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

/** The gate of docker-scan: an image passes if the registry has scanned it and no finding blocks. */
export function scanGate(
  service: Pick<ServiceImage, 'config'>,
  options: Omit<ScanOptions, 'environment'>,
  services: ScanServices,
): Gate {
  const threshold = scanThreshold(service, options);
  return {
    description: `scan: no finding of severity ${orHigher(threshold)}`,
    check: async (image) => {
      const { images } = await scanImage(service, image, options, services);
      const blocking = images.flatMap(blockingFindings);
      if (blocking.length > 0) throw blocked(image, threshold, blocking);
    },
  };
}

const blockingFindings = ({ platform, findings }: ScannedImage) =>
  findings
    .filter(({ verdict }) => verdict === 'blocks')
    .map((finding) => ({ ...finding, platform }));

function blocked(
  { repository, digest }: GatedImage,
  threshold: FindingSeverity,
  findings: Parameters<typeof describeBlocking>[2],
): PipelineError {
  return new PipelineError(
    'SCAN_BLOCKED',
    describeBlocking(`The scan of ${repository}@${digest}`, threshold, findings) +
      '\nFix: update the packages or the base image, or allow a harmless finding in image.json (scan.allow).',
  );
}

/** An image passes if one of the signers has signed it that registry.json names for the environment, or if it names none. */
export function signatureGate(service: Pick<ServiceImage, 'signers' | 'workspaceRoot'>): Gate {
  const required = (service.signers ?? []).length > 0;
  return {
    description: required
      ? 'signature: of a signer that registry.json names'
      : 'signature: none required, registry.json names no signers',
    check: async ({ repository: name, content: source, digest }) => {
      if (!required) return;
      // Loaded only if it is needed: the libraries of Sigstore are large.
      const { requireSignature } = await import('@typerush/image-signatures');
      await requireSignature(service, { name, source, digest });
    },
  };
}

/** The gate of docker-audit: nothing is uploaded if an advisory affects a package of the bundle. */
export function auditGate(
  service: Pick<ServiceImage, 'config' | 'project'>,
  services: AuditServices,
): UploadGate {
  const threshold = scanThreshold(service, {});
  return {
    description: `audit: no finding of severity ${orHigher(threshold)}`,
    check: async () => {
      const { findings } = await auditBundle(service, {}, services);
      const blocking = findings.filter(({ verdict }) => verdict === 'blocks');
      if (blocking.length === 0) return findings;
      throw new PipelineError(
        'AUDIT_BLOCKED',
        describeBlocking(`The audit of ${service.project}`, threshold, blocking) +
          '\nFix: update the packages, or allow a harmless finding in image.json (scan.allow).',
      );
    },
  };
}
