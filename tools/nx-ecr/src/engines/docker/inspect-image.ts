import { isDigest, type Digest } from '@typerush/oci';
import { z } from 'zod';
import { type Docker } from './docker';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));

const schema = z.object({
  Id: digest,
  Os: z.string(),
  Architecture: z.string(),
  Variant: z.string().optional(),
  RepoDigests: z.array(z.string()).nullish(),
  RootFS: z.object({ Layers: z.array(digest).default([]) }),
});

export interface InspectedImage {
  /** Of the image's config. */
  readonly id: Digest;
  /** `os/architecture` */
  readonly platform: string;
  /** Of the manifest, where the image came from a registry. */
  readonly digest: Digest | null;
  readonly diffIds: readonly Digest[];
}

/** What the daemon knows of an image; undefined when it has none of that name. */
export async function inspectImage(
  docker: Docker,
  name: string,
): Promise<InspectedImage | undefined> {
  const { code, stdout } = await docker.run(['image', 'inspect', name]);
  if (code !== 0) return undefined;
  const [image] = z.array(schema).parse(JSON.parse(stdout));
  if (!image) return undefined;
  const pulled = image.RepoDigests?.[0]?.split('@')[1] ?? '';
  return {
    id: image.Id,
    platform: `${image.Os}/${image.Architecture}`,
    digest: isDigest(pulled) ? pulled : null,
    diffIds: image.RootFS.Layers,
  };
}
