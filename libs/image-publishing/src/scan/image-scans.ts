/** One weakness in one package of an image. */
export interface Finding {
  /** `CVE-2026-0001` */
  readonly id: string;
  /** As ECR names it; besides those of `findingSeverities` also UNDEFINED and UNTRIAGED. */
  readonly severity: string;
  /** The package that has it, where the scan tells, and which version of it is in the image. */
  readonly package?: string;
  readonly version?: string;
  /** The first version without it, where there is one and the scan tells: basic scans never do. */
  readonly fixedIn?: string;
  /** Where to read about it. */
  readonly link?: string;
  /** A suppression rule of Amazon Inspector matches it. */
  readonly suppressed?: boolean;
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
