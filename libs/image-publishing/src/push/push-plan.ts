import path from 'node:path';
import { OciLayout, planUpload } from '@typerush/oci';
import { type Attachment, findMissing } from '../attest/attach';
import { type Budget, describeBudget, growthTables } from '../budget/budget';
import { type BuiltImage, type ServiceImage } from '@typerush/pipeline-context';
import { byteSize, table, type Report } from '@typerush/terminal-output';
import { type Delivery, type DeliveryServices, mountSources } from './deliver';

/** What a push would send to one destination. */
export interface PlannedUpload {
  readonly uploadBytes: number;
  readonly mountBytes: number;
  readonly presentBytes: number;
  readonly uploadLayers: number;
  readonly attach: readonly Attachment['kind'][];
}

/** Asks every destination what it lacks. @throws OciError */
export async function planUploads(
  image: BuiltImage,
  outDir: string,
  deliveries: readonly Delivery[],
  attachments: readonly Attachment[],
  services: Pick<DeliveryServices, 'siblings'>,
): Promise<readonly PlannedUpload[]> {
  const layout = await OciLayout.open(path.join(outDir, image.layout));
  const { digest, mediaType } = image;
  const { length: size } = await layout.read(digest);
  const configs = image.platforms.map(({ configDigest }) => configDigest);
  return Promise.all(
    deliveries.map(async (delivery) => {
      const { client, repository } = delivery;
      const mountFrom = await mountSources(image, delivery, services);
      const place = { client, repository: repository.path };
      const [plan, attach] = await Promise.all([
        planUpload({ layout, digest, ...place, mountFrom }),
        findMissing({ ...place, image: { digest, mediaType, size } }, attachments),
      ]);
      const { uploadBytes, mountBytes, presentBytes } = plan;
      const uploadLayers = plan.blobs.filter(
        ({ action, blob }) => action === 'upload' && !configs.includes(blob.digest),
      ).length;
      return { uploadBytes, mountBytes, presentBytes, uploadLayers, attach };
    }),
  );
}

interface PlannedPush {
  readonly service: ServiceImage;
  readonly deliveries: readonly Delivery[];
  /** These three are not there before a first build. */
  readonly image?: BuiltImage;
  readonly budget?: Budget;
  readonly uploads?: readonly PlannedUpload[];
}

const actions = { create: 'create', move: 'move', keep: 'leave' } as const;

/** What a push would do. */
export function describePushPlan({
  service,
  deliveries,
  image,
  budget,
  uploads,
}: PlannedPush): Report {
  const destinations = deliveries.map(({ destination, repository, decision }, index) => ({
    destination: destination.name,
    repository: repository.name,
    repositoryUri: repository.uri,
    upload: !decision.stands,
    tags: decision.tags,
    ...uploads?.[index],
  }));
  const [first] = destinations;
  const texts = destinations.map(({ repositoryUri, tags }, index) =>
    table(`${service.project}: would push to ${repositoryUri}`, [
      ['image', image ? `${image.digest} (${image.engine})` : 'not built yet'],
      ...describeUpload(uploads?.[index]),
      ...tags.map(({ action, tag }) => [actions[action], tag] as const),
      ...(budget && index === 0 ? [['weight', describeBudget(budget)] as const] : []),
    ]),
  );
  return {
    data: {
      dryRun: true,
      service: service.project,
      ...first,
      digest: image?.digest ?? null,
      budget: budget ?? null,
      destinations,
    },
    text: `${texts.join('')}${budget ? growthTables(budget) : ''}`,
  };
}

function describeUpload(plan: PlannedUpload | undefined): (readonly [string, string])[] {
  if (!plan) return [];
  const { uploadBytes, mountBytes, presentBytes, uploadLayers, attach } = plan;
  const upload =
    uploadBytes === 0
      ? 'nothing: all of it stands there'
      : `${byteSize(uploadBytes)} in ${uploadLayers} ${uploadLayers === 1 ? 'layer' : 'layers'}; ${byteSize(presentBytes)} stand there`;
  return [
    ['upload', upload],
    ...(mountBytes > 0 ? [['mount', `${byteSize(mountBytes)} from another service`] as const] : []),
    ...(attach.length > 0 ? [['attach', attach.join(', ')] as const] : []),
  ];
}
