import { type Descriptor } from '../../manifest';
import { concurrently } from '../concurrently';
import { distinctBlobs, readContent } from './image-content';
import { type PushContentRequest } from './push-content';

export type PlanUploadRequest = Pick<
  PushContentRequest,
  'layout' | 'digest' | 'client' | 'repository' | 'mountFrom'
>;

export interface PlannedBlob {
  readonly blob: Descriptor;
  /** `mount`: a sibling has it, so it is not sent if the registry mounts blobs. */
  readonly action: 'upload' | 'mount' | 'present';
}

export interface UploadPlan {
  /** Whether the image is there already, so that a push would set tags alone. */
  readonly stands: boolean;
  /** Each once. */
  readonly blobs: readonly PlannedBlob[];
  readonly uploadBytes: number;
  readonly mountBytes: number;
  readonly presentBytes: number;
}

const PARALLEL_CHECKS = 8;

/**
 * What a push would send; asks by HEAD alone, and changes nothing. A repository that does not exist has nothing.
 * @throws RegistryError; OciError `IMAGE_MISSING`, `BLOB_MISSING` when the layout lacks a manifest
 */
export async function planUpload(request: PlanUploadRequest): Promise<UploadPlan> {
  const { client, repository, layout, digest } = request;
  const { top, children } = await readContent(layout, digest);
  const blobs = distinctBlobs([top, ...children]);
  const stands = (await client.headManifest(repository, digest)) !== undefined;
  const actions = new Map<Descriptor, PlannedBlob['action']>();
  await concurrently(blobs, PARALLEL_CHECKS, async (blob) => {
    actions.set(blob, stands ? 'present' : await actionFor(request, blob));
  });
  const planned = blobs.map((blob) => ({ blob, action: actions.get(blob) ?? 'upload' }));
  const bytes = (action: PlannedBlob['action']) =>
    planned.filter((one) => one.action === action).reduce((sum, one) => sum + one.blob.size, 0);
  return {
    stands,
    blobs: planned,
    uploadBytes: bytes('upload'),
    mountBytes: bytes('mount'),
    presentBytes: bytes('present'),
  };
}

async function actionFor(
  { client, repository, mountFrom = [] }: PlanUploadRequest,
  blob: Descriptor,
): Promise<PlannedBlob['action']> {
  if (await client.hasBlob(repository, blob.digest)) return 'present';
  const siblings = typeof mountFrom === 'function' ? mountFrom(blob) : mountFrom;
  const sibling = await client.findSibling(repository, blob.digest, siblings);
  return sibling === undefined ? 'upload' : 'mount';
}
