import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The AWS CLI reads `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` since 2.13 and 1.29; Debian 12 has 2.9. This program passes
 * them as an option, which all versions know.
 *
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-endpoints.html
 */
const program = `#!/usr/bin/env bash
service=\${1//-/_}
variable=AWS_ENDPOINT_URL_\${service^^}
PATH=\${PATH#*:} exec aws --endpoint-url "\${!variable:-$AWS_ENDPOINT_URL}" "$@"
`;

/** Writes a program `aws` that finds the endpoints of a scene. @returns the PATH with it */
export async function pathWithAws(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'aws'), program, { mode: 0o755 });
  return `${bin}:${process.env['PATH']}`;
}
