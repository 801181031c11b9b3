import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type RegistryCredentials } from '@typerush/oci';

/** Credentials for upstreams, as AWS Secrets Manager keeps them for ECR. */
export interface UpstreamSecrets {
  /** @throws SecretError */
  read(arn: string): Promise<RegistryCredentials>;
}

export class SecretError extends Error {
  override readonly name = 'SecretError';
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html */
const secretSchema = z.object({ username: z.string().min(1), accessToken: z.string().min(1) });

/**
 * The secrets in a JSON file, by their ARN or by the name in it without the six random characters at its end. It is read
 * for each use, so that a secret can be replaced. No message contains a value.
 */
export function createFileSecrets(file: string | undefined): UpstreamSecrets {
  return {
    read: async (arn) => {
      if (file === undefined || file === '') {
        throw new SecretError(
          `There is no secret ${arn}: ECR_LOCAL_SECRETS, the file of secrets, is not set`,
        );
      }
      const secrets = await readSecrets(file);
      const name = nameOf(arn);
      const key = [arn, name].find((each) => Object.hasOwn(secrets, each));
      if (key === undefined) throw new SecretError(`There is no secret ${arn} in ${file}`);
      const parsed = secretSchema.safeParse(secrets[key]);
      if (!parsed.success) {
        throw new SecretError(`The secret ${key} in ${file} has no username and accessToken`);
      }
      return { username: parsed.data.username, password: parsed.data.accessToken };
    },
  };
}

/** `arn:aws:secretsmanager:<region>:<account>:secret:<name>-<random>` */
const nameOf = (arn: string): string => (arn.split(':')[6] ?? '').replace(/-[A-Za-z0-9]{6}$/, '');

async function readSecrets(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // The cause may quote a part of the file.
    throw new SecretError(`The file of secrets ${file} cannot be read as a JSON object`);
  }
}
