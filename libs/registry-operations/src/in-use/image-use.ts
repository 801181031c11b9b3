/** A program outside of the registry that needs an image: to run, or to start again. */
export interface ImageUse {
  /** The reference as the program has it: `host/path`, with `:tag`, `@digest`, or both. */
  readonly image: string;
  /** Who uses it, for messages, such as `ECS service production/api`. */
  readonly user: string;
}

export interface ImageReference {
  /** `host/path`, as ECR's DescribeRepositories returns it. */
  readonly repositoryUri: string;
  /** Decides if it is set, whatever the tag is. */
  readonly digest?: string;
  readonly tag: string;
}

/**
 * ECR's other names of the same registry: dual-stack and FIPS endpoints.
 * https://docs.aws.amazon.com/general/latest/gr/ecr.html
 */
const otherHosts =
  /^(\d{12})\.dkr(?:\.ecr-fips\.([a-z0-9-]+)\.amazonaws\.com|-ecr(?:-fips)?\.([a-z0-9-]+)\.on\.aws)$/;

/** The parts of a reference. One without a tag and a digest means `latest`. */
export function parseImageReference(image: string): ImageReference {
  const [name = '', digest] = image.trim().split('@', 2);
  const slash = name.indexOf('/');
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const path = name.slice(slash, hasTag ? colon : undefined);
  const host = name
    .slice(0, Math.max(slash, 0))
    .replace(
      otherHosts,
      (_, account: string, fips?: string, dual?: string) =>
        `${account}.dkr.ecr.${fips ?? dual}.amazonaws.com`,
    );
  return {
    repositoryUri: `${host}${path}`,
    tag: hasTag ? name.slice(colon + 1) : 'latest',
    ...(digest && { digest }),
  };
}
