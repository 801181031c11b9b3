import { type Digest } from './digest';

/** `[host/]repository[:tag][@digest]`, with Docker Hub's defaults filled in. */
export interface ImageReference {
  readonly host: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** @throws OciError `REFERENCE_INVALID` */
export function parseReference(_text: string): ImageReference {
  throw new Error('not yet');
}
