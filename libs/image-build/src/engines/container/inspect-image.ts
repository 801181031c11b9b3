import { isDigest, type Digest } from '@typerush/oci';
import { z } from 'zod';
import { type ContainerCli } from './container-cli';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));

const schema = z.object({
  RepoDigests: z.array(z.string()).nullish(),
  RootFS: z.object({ Layers: z.array(digest).default([]) }),
});

export interface InspectedImage {
  /** Of the manifest or the index, where the image came from a registry. */
  readonly digest?: Digest;
  readonly diffIds: readonly Digest[];
}

/** What the engine knows of an image; undefined when it has none of that name. */
export async function inspectImage(
  cli: ContainerCli,
  name: string,
): Promise<InspectedImage | undefined> {
  const { code, stdout } = await cli.run(['image', 'inspect', name]);
  if (code !== 0) return undefined;
  const [image] = z.array(schema).parse(JSON.parse(stdout));
  if (!image) return undefined;
  const pulled = image.RepoDigests?.[0]?.split('@')[1] ?? '';
  return { digest: isDigest(pulled) ? pulled : undefined, diffIds: image.RootFS.Layers };
}
