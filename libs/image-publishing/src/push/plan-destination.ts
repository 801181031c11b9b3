import { type PlannedTags } from '@typerush/image-registry';
import { type Digest } from '@typerush/oci';
import { type OpenDestination } from './open-destinations';
import { planPush, type PushPlan } from './push-plan';

/** A destination, and the plan for it. */
export interface DestinationPush extends OpenDestination {
  /** The image that each existing tag points to. */
  readonly existing: ReadonlyMap<string, Digest>;
  readonly plan: PushPlan;
}

/** Looks up what the tags point to at a destination. @param digest undefined before the image is built. @throws OciError */
export async function planDestination(
  opened: OpenDestination,
  tags: Pick<PlannedTags, 'fixed' | 'moving' | 'passing'>,
  digest: Digest | undefined,
): Promise<DestinationPush> {
  const { client, repository } = opened;
  const { path: name, mutability } = repository;
  const existing = new Map<string, Digest>();
  const lookUp = async (tag: string) => {
    const descriptor = await client.headManifest(name, tag);
    if (descriptor) existing.set(tag, descriptor.digest);
  };
  const [first, ...others] = [...tags.fixed, ...tags.moving];
  // The first request logs in: some registries lock an account after a few wrong passwords.
  if (first) await lookUp(first);
  await Promise.all(others.map(lookUp));
  return { ...opened, existing, plan: planPush({ digest, tags, existing, mutability }) };
}
