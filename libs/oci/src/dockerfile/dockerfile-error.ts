import { OciError } from '../errors';

export interface DockerfileLocation {
  readonly file: string;
  readonly line: number;
  /** The keyword: `RUN`. */
  readonly instruction: string;
}

/**
 * A Dockerfile that is invalid (`DOCKERFILE_INVALID`), or that only a container engine can build (`DOCKERFILE_UNSUPPORTED`).
 */
export class DockerfileError extends OciError {
  constructor(
    code: 'DOCKERFILE_INVALID' | 'DOCKERFILE_UNSUPPORTED',
    readonly at: DockerfileLocation,
    problem: string,
    options?: { cause?: unknown },
  ) {
    super(code, `${at.file}:${at.line}: ${at.instruction}: ${problem}`, options);
  }
}

export function invalid(at: DockerfileLocation, problem: string, cause?: unknown): DockerfileError {
  return new DockerfileError('DOCKERFILE_INVALID', at, problem, { cause });
}

export function unsupported(at: DockerfileLocation, problem: string): DockerfileError {
  const advice = 'Move it to an earlier stage, or build with --engine=docker.';
  return new DockerfileError(
    'DOCKERFILE_UNSUPPORTED',
    at,
    `${problem}, which the oci engine does not support. ${advice}`,
  );
}
