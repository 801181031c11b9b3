import { type BaseSource } from './base-source';

export interface AutoBaseOptions {
  readonly registry: BaseSource;
  readonly standIn: BaseSource;
  /** false for prod: an unreachable registry is an error there. */
  readonly allowStandIn: boolean;
  /** Called once per reference when the stand-in is taken, with the reason in one sentence. */
  readonly onFallback?: (message: string) => void;
}

/** The registry's base image, or the stand-in when the registry cannot be reached. */
export function autoBase(_options: AutoBaseOptions): BaseSource {
  throw new Error('not yet');
}
