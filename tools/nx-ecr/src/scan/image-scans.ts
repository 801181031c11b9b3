/** One weakness that a scan found. */
export interface Finding {
  /** `CVE-2026-0001` */
  readonly name: string;
  /** As ECR names it; besides those of `findingSeverities` also UNDEFINED and UNTRIAGED. */
  readonly severity: string;
  /** The package and its version, where the scan tells. */
  readonly where: string;
}

/** How far a registry's scan of one image has come. */
export type ImageScan =
  | { readonly status: 'pending' }
  | { readonly status: 'failed'; readonly reason: string }
  | { readonly status: 'complete'; readonly findings: readonly Finding[] };

/** A registry's scans. */
export interface ImageScans {
  /** @throws PipelineError where the registry does not answer, or does not scan */
  of(repository: string, digest: string): Promise<ImageScan>;
}
