import { type Digest } from '../src/digest';
import { copy, type CopyListener, type MountFrom } from '../src/content/copy';
import { RemoteRepository } from '../src/content/remote-repository';
import { type OciLayout } from '../src/layout';
import { type RegistryClient } from '../src/registry/registry-client';

export interface PushImageRequest {
  readonly layout: OciLayout;
  readonly digest: Digest;
  readonly client: RegistryClient;
  readonly repository: string;
  readonly tags: { readonly fixed: readonly string[]; readonly moving: readonly string[] };
  readonly mountFrom?: MountFrom;
  readonly onProgress?: CopyListener;
}

/** A push as the pipeline does it: moving tags after all fixed tags. */
export async function pushImage(request: PushImageRequest) {
  const { layout, digest, client, repository, mountFrom, onProgress } = request;
  const { fixed, moving } = request.tags;
  const target = new RemoteRepository(client, repository);
  const planTag = async (tag: string) => {
    const current = (await target.resolve(tag))?.digest;
    if (current === undefined) return { tag, action: 'created' as const };
    return { tag, action: current === digest ? ('unchanged' as const) : ('moved' as const) };
  };
  const [first, ...others] = new Set([...fixed, ...moving]);
  const plan = [
    ...(first ? [await planTag(first)] : []),
    ...(await Promise.all(others.map(planTag))),
  ];
  const due = (names: readonly string[]) =>
    (['moved', 'created'] as const).flatMap((action) =>
      plan.filter((one) => one.action === action && names.includes(one.tag)).map(({ tag }) => tag),
    );
  const copied = await copy(layout, digest, target, { tags: due(fixed), mountFrom, onProgress });
  for (const tag of due(moving.filter((name) => !fixed.includes(name)))) {
    await target.tag(copied.manifest, tag);
    onProgress?.({ kind: 'tag', tag });
  }
  return { digest, ...copied, tags: plan };
}
