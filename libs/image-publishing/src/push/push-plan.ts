import path from 'node:path';
import { OciLayout } from '@typerush/oci';
import { type Attachment, findMissing } from '../attest/attach';
import { type Budget, describeBudget, growthTables } from '../budget/budget';
import { type BuiltImage, type ServiceImage } from '@typerush/pipeline-context';
import { byteSize, table, type Report } from '@typerush/terminal-output';
import { type DestinationPush, type DestinationServices, planCopy } from './push-to-destinations';

/** What a push would send to one destination. */
export interface PlannedUpload {
  readonly uploadBytes: number;
  readonly mountBytes: number;
  readonly presentBytes: number;
  readonly uploadLayers: number;
  readonly attach: readonly Attachment['kind'][];
}

/** Queries every destination for what it lacks. @throws OciError */
export async function planUploads(
  image: BuiltImage,
  outDir: string,
  pushes: readonly DestinationPush[],
  attachments: readonly Attachment[],
  services: Pick<DestinationServices, 'siblings'>,
): Promise<readonly PlannedUpload[]> {
  const layout = await OciLayout.open(path.join(outDir, image.layout));
  const { digest, mediaType } = image;
  const { length: size } = await layout.read(digest);
  const configs = image.platforms.map(({ configDigest }) => configDigest);
  return Promise.all(
    pushes.map(async (push) => {
      const { client, repository } = push;
      const subject = { client, repository: repository.path, image: { digest, mediaType, size } };
      const [plan, attach] = await Promise.all([
        planCopy(image, layout, push, services),
        findMissing(subject, attachments),
      ]);
      const uploadLayers = plan.blobs.filter(
        ({ action, blob }) => action === 'uploaded' && !configs.includes(blob.digest),
      ).length;
      return {
        uploadBytes: plan.uploadedBytes,
        mountBytes: plan.mountedBytes,
        presentBytes: plan.presentBytes,
        uploadLayers,
        attach,
      };
    }),
  );
}

interface PlannedPush {
  readonly service: ServiceImage;
  readonly pushes: readonly DestinationPush[];
  /** These three do not exist before a first build. */
  readonly image?: BuiltImage;
  readonly budget?: Budget;
  readonly uploads?: readonly PlannedUpload[];
}

const actions = { create: 'create', move: 'move', keep: 'leave' } as const;

/** What a push would do. */
export function describePushPlan({ service, pushes, image, budget, uploads }: PlannedPush): Report {
  const destinations = pushes.map(({ destination, repository, decision }, index) => ({
    destination: destination.name,
    repository: repository.name,
    repositoryUri: repository.uri,
    upload: !decision.present,
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
      ? 'nothing: already in the registry'
      : `${byteSize(uploadBytes)} in ${uploadLayers} ${uploadLayers === 1 ? 'layer' : 'layers'}; ${byteSize(presentBytes)} already there`;
  return [
    ['upload', upload],
    ...(mountBytes > 0 ? [['mount', `${byteSize(mountBytes)} from another service`] as const] : []),
    ...(attach.length > 0 ? [['attach', attach.join(', ')] as const] : []),
  ];
}
