/**
 * ECR answers differently from the OCI distribution specification, as its users report:
 * 201 to a PATCH, with a range that does not advance (https://github.com/aws/containers-roadmap/issues/2831),
 * 100 tags per page and an error for more than 1,000 (https://github.com/google/go-containerregistry/issues/681),
 * 400 to an invalid login (https://github.com/aws/aws-cli/issues/4962).
 */
export type Protocol = 'ecr' | 'oci';

/**
 * What happens when an image is pushed again under an immutable tag that it has. Users report both:
 * https://github.com/aws/containers-roadmap/issues/2179, https://github.com/aws/containers-roadmap/issues/2380
 */
export type ImmutableRepush = 'accept' | 'reject';

export interface ProtocolSettings {
  readonly protocol: Protocol;
  readonly immutableRepush: ImmutableRepush;
}

export const tagsPerPage = { default: 100, max: 1000 } as const;
