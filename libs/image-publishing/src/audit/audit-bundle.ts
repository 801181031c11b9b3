import { type FindingSeverity } from '@typerush/image-registry';
import { type ServiceImage } from '@typerush/pipeline-context';
import { type BundledPackage } from '@typerush/service-bundle';
import {
  type EvaluatedFinding,
  evaluateScan,
  type ScanEvaluation,
  type ScanRules,
} from '../scan/evaluate-scan';
import { scanRules } from '../scan/scan-image';
import { type AdvisorySource, type AuditedPackage } from './advisory-source';

export interface AuditServices {
  readonly advisories: AdvisorySource;
  /** The packages of the bundle. @throws PipelineError `NOT_BUNDLED` */
  readonly bundled: () => Promise<readonly BundledPackage[]>;
  /** The packages that are installed for production, whether an image contains them or not. */
  readonly installed: () => Promise<readonly AuditedPackage[]>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A finding in a package of the bundle, and the part of the package that is in the image. */
export interface AuditedFinding extends EvaluatedFinding {
  readonly modules?: readonly string[];
  readonly asFiles?: string;
}

export interface Audit extends ScanEvaluation {
  readonly findings: readonly AuditedFinding[];
  /** Findings in packages that are installed, but no module of which is in the image. They block nothing. */
  readonly absent: readonly EvaluatedFinding[];
  readonly packages: number;
  readonly advisories: { readonly name: string; readonly modifiedAt?: string };
  readonly rules: ScanRules;
}

/**
 * Compares the packages of a service with advisories, by the rules of a scan.
 * @throws PipelineError `NOT_BUNDLED`, `ADVISORIES_INVALID`, `ADVISORIES_UNREACHABLE`
 */
export async function auditBundle(
  service: Pick<ServiceImage, 'config'>,
  options: { readonly threshold?: FindingSeverity },
  services: AuditServices,
): Promise<Audit> {
  const { advisories } = services;
  const bundled = new Map((await services.bundled()).map((each) => [keyOf(each), each]));
  const installed = (await services.installed()).filter((each) => !bundled.has(keyOf(each)));
  const { findings, modifiedAt } = await advisories.match([...bundled.values(), ...installed]);
  const rules = scanRules(service, options, services.now());
  const packageOf = ({ package: name = '', version = '' }: (typeof findings)[number]) =>
    bundled.get(keyOf({ name, version }));
  const isBundled = (finding: (typeof findings)[number]) => packageOf(finding) !== undefined;
  const evaluation = evaluateScan(findings.filter(isBundled), rules);
  return {
    ...evaluation,
    findings: evaluation.findings.map((finding) => {
      const { modules, asFiles } = packageOf(finding) ?? {};
      return { ...finding, ...(modules && { modules }), ...(asFiles && { asFiles }) };
    }),
    absent: evaluateScan(
      findings.filter((finding) => !isBundled(finding)),
      rules,
    ).findings,
    packages: bundled.size,
    advisories: { name: advisories.name, ...(modifiedAt !== undefined && { modifiedAt }) },
    rules,
  };
}

const keyOf = ({ name, version }: AuditedPackage) => `${name}@${version}`;
