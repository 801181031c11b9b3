import { type BuiltImage, type ServiceImage } from '@typerush/pipeline-context';
import { byteSize, type Report, type Row, table } from '@typerush/terminal-output';
import { type Attachment, findMissing } from '../attest/attachment';
import { type ImageDifference } from '@typerush/image-comparison';
import { type Budget } from '../budget/budget';
import { describeSize, growthTables } from '../budget/growth';
import { type Gate, type UploadGate } from '../gate/gates';
import { type DestinationPush } from './destinations';
import { type PlannedTag } from './push-plan';
import { type DestinationServices, planSending, type PushContent } from './push-to-destinations';

/** What a push would upload to one destination. */
export interface PlannedUpload {
  readonly uploadBytes: number;
  readonly mountBytes: number;
  readonly presentBytes: number;
  readonly uploadLayers: number;
  readonly attach: readonly Attachment['kind'][];
}

/** Queries every destination for what it lacks. @throws OciError */
export async function planUploads(
  content: PushContent,
  pushes: readonly DestinationPush[],
  services: Pick<DestinationServices, 'siblings'>,
): Promise<readonly PlannedUpload[]> {
  return Promise.all(
    pushes.map(async (push) => {
      const [sent, attach] = await Promise.all([
        planSending(push, content, services),
        findMissing(push, content.manifest.descriptor, content.attachments),
      ]);
      return {
        uploadBytes: sent.uploadedBytes,
        mountBytes: sent.mountedBytes,
        presentBytes: sent.presentBytes,
        uploadLayers: sent.uploadedLayers,
        attach,
      };
    }),
  );
}

interface DryRun {
  readonly service: ServiceImage;
  readonly pushes: readonly DestinationPush[];
  /** These four do not exist before a first build. */
  readonly image?: BuiltImage;
  readonly budget?: Budget;
  readonly difference?: ImageDifference | null;
  readonly uploads?: readonly PlannedUpload[];
  readonly gates: readonly Gate[];
  readonly uploadGates: readonly UploadGate[];
}

const actions = { create: 'create', move: 'move', keep: 'leave' } as const;

/** What a push would do, in the order of its steps. */
export function describeDryRun(dryRun: DryRun): Report {
  const { service, pushes, image, budget, difference, uploads, gates, uploadGates } = dryRun;
  const destinations = pushes.map(({ destination, repository, plan }, index) => ({
    destination: destination.name,
    repository: repository.name,
    repositoryUri: repository.uri,
    upload: !plan.present,
    tags: plan.tags,
    ...uploads?.[index],
  }));
  const texts = destinations.map(({ repositoryUri, tags }, index) =>
    table(`${service.project}: would push to ${repositoryUri}`, [
      ['image', image ? `${image.digest} (${image.engine})` : 'not built yet'],
      ...uploadGates.map(({ description }) => ['gate', description] as const),
      ...describeUpload(uploads?.[index]),
      ...describeTags(tags, false),
      ...describeAttachments(uploads?.[index]),
      ...describeGates(gates, tags),
      ...describeTags(tags, true),
      ...(budget && index === 0 ? [['size', describeSize(budget, difference)] as const] : []),
    ]),
  );
  return {
    data: {
      dryRun: true,
      service: service.project,
      ...destinations[0],
      digest: image?.digest ?? null,
      budget: budget ?? null,
      difference: difference ?? null,
      gates: [...uploadGates, ...gates].map(({ description }) => description),
      destinations,
    },
    text: `${texts.join('')}${difference ? growthTables(difference) : ''}`,
  };
}

function describeUpload(upload: PlannedUpload | undefined): Row[] {
  if (!upload) return [];
  const { uploadBytes, mountBytes, presentBytes, uploadLayers } = upload;
  const layers = `${uploadLayers} ${uploadLayers === 1 ? 'layer' : 'layers'}`;
  const text =
    uploadBytes === 0
      ? 'nothing: already in the registry'
      : `${byteSize(uploadBytes)} in ${layers}; ${byteSize(presentBytes)} already in the registry`;
  return [
    ['upload', text],
    ...(mountBytes > 0 ? [['mount', `${byteSize(mountBytes)} from another service`] as const] : []),
  ];
}

export const describeTags = (tags: readonly PlannedTag[], moving: boolean): readonly Row[] =>
  tags
    .filter((planned) => planned.moving === moving)
    .map(({ action, tag }) => [actions[action], tag]);

const describeAttachments = ({ attach = [] }: Partial<PlannedUpload> = {}): readonly Row[] =>
  attach.length > 0 ? [['attach', attach.join(', ')]] : [];

/** Nothing is checked if no moving tag changes. */
export const describeGates = (
  gates: readonly Gate[],
  tags: readonly PlannedTag[],
): readonly Row[] =>
  tags.some(({ moving, action }) => moving && action !== 'keep')
    ? gates.map(({ description }) => ['gate', description])
    : [];
