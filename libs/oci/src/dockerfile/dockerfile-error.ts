import { OciError } from '../errors';

/** A Dockerfile that cannot be read, or that needs a real container engine. */
export class DockerfileError extends OciError {
  constructor(
    code: 'DOCKERFILE_INVALID' | 'DOCKERFILE_UNSUPPORTED',
    readonly at: { readonly file: string; readonly line: number; readonly instruction: string },
    problem: string,
  ) {
    super(code, `${at.file}:${at.line}: ${problem}`);
  }
}
