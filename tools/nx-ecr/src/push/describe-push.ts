import pc from 'picocolors';
import { type BuiltImage } from '../built-image';
import { type Repository } from '../registry/repository';
import { table, type Report } from '../report';
import { type ServiceImage } from '../service-image';
import { type PushDecision, type TagDecision } from './plan-push';
import { type PushRecord } from './push-files';

const actions = { create: 'created', move: 'moved', keep: 'unchanged' } as const;
const plannedActions = { create: 'create', move: 'move', keep: 'leave' } as const;

/** What a push did: digests, then tags. */
export function describePush(record: PushRecord): Report {
  const { uploadedLayers, presentLayers } = record;
  return {
    data: record,
    text: table(
      `${record.service}: ${record.unchanged ? 'unchanged in' : 'pushed to'} ${record.repositoryUri}`,
      [
        ['digest', record.digest],
        ...(record.platforms.length > 1
          ? record.platforms.map(({ platform, digest }) => [platform, digest] as const)
          : []),
        [
          'layers',
          uploadedLayers + presentLayers === 0
            ? 'nothing to upload'
            : `${uploadedLayers} uploaded, ${presentLayers} present`,
        ],
        ...record.tags.map((decision) => [actions[decision.action], decision.tag] as const),
        ...(record.standIn ? [['base', pc.yellow('a stand-in: not for production')] as const] : []),
      ],
    ),
  };
}

interface PlannedPush {
  readonly service: ServiceImage;
  readonly repository: Repository;
  readonly image?: BuiltImage;
  readonly decision: PushDecision;
}

/** What a push would do. */
export function describePushPlan({ service, repository, image, decision }: PlannedPush): Report {
  const upload = !decision.standing;
  return {
    data: {
      dryRun: true,
      service: service.project,
      repository: repository.name,
      repositoryUri: repository.uri,
      digest: image?.digest ?? null,
      upload,
      tags: decision.tags,
    },
    text: table(`${service.project}: would push to ${repository.uri}`, [
      ['image', describeImage(image)],
      ['upload', upload ? 'what the registry lacks' : 'nothing: the image stands there'],
      ...decision.tags.map(
        (planned: TagDecision) => [plannedActions[planned.action], planned.tag] as const,
      ),
    ]),
  };
}

function describeImage(image: BuiltImage | undefined): string {
  if (!image) return 'not built yet';
  return `${image.digest} (${image.engine})`;
}
