/** What a platform of CI does around the commands of a delivery; the rest are the commands themselves. */
export interface DeliveryPlatform {
  /** A fresh checkout of the commit with its history, and what `npm ci` would install. @returns its folder */
  checkOut(job: string, commit: string): Promise<string>;
  /** A person decides about a delivery whose gates have passed. */
  approve(): Promise<boolean>;
  /** The variables with which commands reach AWS and find their tools. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A folder for the artifacts of one delivery. */
  readonly artifacts: string;
}

export interface DeliveryResult {
  readonly outcome: 'succeeded' | 'failed' | 'rejected';
  /** The stages or jobs that began, in their order. */
  readonly began: readonly string[];
  readonly output: string;
}

/** One of the two forms of the pipeline, read from the files that the platform reads. */
export interface DeliveryPipeline {
  deliver(commit: string, platform: DeliveryPlatform): Promise<DeliveryResult>;
}

/** Commands that install what a checkout already has. */
export const isInstallation = (command: string) => command.trim() === 'npm ci';
