import { compareFindings, type ImageDifference } from '@typerush/image-comparison';
import { type BuiltImage, PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type EvaluatedFinding, evaluateScan, type Finding } from '../scan/evaluate-scan';
import { describeFailure, type ImageScans, scanRules } from '../scan/scan-image';
import { type DestinationPush } from './destinations';

/** What is known about the vulnerabilities of a pushed image. It informs; the gates decide. */
export interface PushFindings {
  /** Of the packages in the bundle, from the gate `audit`; null if the environment has none. */
  readonly audit: readonly EvaluatedFinding[] | null;
  /** Of the registry's scan, of all platforms; null if there is none yet. */
  readonly scan: readonly EvaluatedFinding[] | null;
  /** Why there is no scan; null if there is one. */
  readonly noScan: string | null;
}

interface Pushed {
  readonly image: BuiltImage;
  readonly pushes: readonly DestinationPush[];
  readonly difference: ImageDifference | null;
  readonly audit: readonly EvaluatedFinding[] | null;
}

interface FindingServices {
  readonly scans?: ImageScans;
  readonly now: () => Date;
}

/** Looks up the scans that are complete, and waits for none. A registry that does not answer does not fail a push that is done. */
export async function findingsOf(
  { image, pushes, difference, audit }: Pushed,
  service: Pick<ServiceImage, 'config'>,
  { scans, now }: FindingServices,
): Promise<{ readonly findings: PushFindings; readonly difference: ImageDifference | null }> {
  const scanned = pushes.find(({ destination }) => destination.ecr);
  if (!scans || !scanned) {
    const noScan = 'no destination is Amazon ECR';
    return { findings: { audit, scan: null, noScan }, difference };
  }
  const scanOf = (digest: string) => scanIn(scans, scanned.repository.name, digest);
  const [before, ...after] = await Promise.all([
    difference && !difference.equal ? scanOf(difference.before.platformDigest) : undefined,
    ...image.platforms.map(({ digest }) => scanOf(digest)),
  ]);
  const compared = after[image.platforms.findIndex((one) => one.platform === difference?.platform)];
  const missing = after.find(({ findings }) => findings === undefined);
  const rules = scanRules(service, {}, now().getTime());
  const all = after.flatMap(({ findings = [] }) => findings);
  return {
    findings: {
      audit,
      scan: missing ? null : evaluateScan(all, rules).findings,
      noScan: missing?.reason ?? null,
    },
    difference: difference && {
      ...difference,
      findings: difference.equal
        ? difference.findings
        : compareFindings(before?.findings, compared?.findings),
    },
  };
}

interface KnownScan {
  readonly findings?: readonly Finding[];
  readonly reason?: string;
}

async function scanIn(scans: ImageScans, repository: string, digest: string): Promise<KnownScan> {
  try {
    const scan = await scans.of(repository, digest);
    if (scan.status === 'complete') return { findings: scan.findings };
    if (scan.status === 'pending') return { reason: 'the scan is not complete' };
    return { reason: `the scan failed (${describeFailure(scan.failure)})` };
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    return { reason: error.message.split('\n')[0]?.replace(/\.$/, '') ?? error.code };
  }
}
