import { createHash } from 'node:crypto';
import { type RegistryLocation } from './registries';

/**
 * The KMS key that ECR encrypts a repository with that names none: one for each account and region, `aws/ecr`. Nothing is
 * encrypted with it here.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_EncryptionConfiguration.html
 */
export function awsManagedKeyArn({ account, region }: RegistryLocation): string {
  const digest = createHash('sha256').update(`${account}/${region} aws/ecr`).digest('hex');
  const id = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}
