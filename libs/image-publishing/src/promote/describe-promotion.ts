import { type CopyResult } from '@typerush/oci';
import { byteSize, type Report, type Row, table } from '@typerush/terminal-output';
import { outcomes } from '../push/describe-push';
import { describeGates, describeTags } from '../push/dry-run';
import { type PlannedTag } from '../push/push-plan';
import { destinationData } from '../release/move-tags';
import { type PreparedPromotion, type PromotionOptions } from './promote-service';

/** What a promotion would do, in the order of its steps. */
export function describePromotionPlan(
  project: string,
  options: PromotionOptions,
  prepared: PreparedPromotion,
  copies: readonly CopyResult[],
): Report {
  const { image, pushes, gates } = prepared;
  const texts = pushes.map(({ repository, plan }, index) =>
    table(`${project}: would promote ${image.version} to ${repository.uri}`, [
      ...describeImage(prepared),
      ...describeGates(gates, plan.tags),
      ['copy', describeCopy(copies[index])],
      ...describeTags(plan.tags, false),
      ...describeTags(plan.tags, true),
    ]),
  );
  return {
    data: { dryRun: true, ...dataOf(project, options, prepared, copies) },
    text: texts.join(''),
  };
}

/** What a promotion has done. */
export function describePromotion(
  project: string,
  options: PromotionOptions,
  prepared: PreparedPromotion,
  copies: readonly CopyResult[],
  time: Date,
): Report {
  const { image, pushes } = prepared;
  const texts = pushes.map(({ repository, plan }, index) => {
    const unchanged = isUnchanged(plan.tags, copies[index]);
    const title = unchanged ? 'is already in' : 'promoted to';
    return table(`${project}: ${image.version} ${title} ${repository.uri}`, [
      ...describeImage(prepared),
      ['copied', describeCopy(copies[index])],
      ...plan.tags.map(({ action, tag }) => [outcomes[action], tag] as const),
    ]);
  });
  const data = { ...dataOf(project, options, prepared, copies), promotedAt: time.toISOString() };
  return { data, text: texts.join('') };
}

const describeImage = ({ source, image }: PreparedPromotion): Row[] => [
  ['digest', image.digest],
  ['from', source.repository.uri],
  ['commit', image.commit.sha + (image.commit.dirty ? ' with uncommitted changes' : '')],
  ['attached', image.attachments.join(', ') || 'nothing'],
];

function describeCopy(result: CopyResult | undefined): string {
  const { uploaded, mounted, present } = countsOf(result);
  if (uploaded + mounted === 0) return 'nothing: already in the repository';
  return [
    `${uploaded} blobs sent (${byteSize(result?.uploadedBytes ?? 0)})`,
    `${mounted} mounted`,
    `${present} present`,
  ].join(', ');
}

function countsOf(result: CopyResult | undefined) {
  const count = (outcome: string) =>
    (result?.blobs ?? []).filter(({ action }) => action === outcome).length;
  return { uploaded: count('uploaded'), mounted: count('mounted'), present: count('present') };
}

const isUnchanged = (tags: readonly PlannedTag[], result: CopyResult | undefined) => {
  const { uploaded, mounted } = countsOf(result);
  return uploaded + mounted === 0 && tags.every(({ action }) => action === 'keep');
};

function dataOf(
  project: string,
  { from, to }: PromotionOptions,
  { source, image, pushes, gates }: PreparedPromotion,
  copies: readonly CopyResult[],
) {
  const destinations = pushes.map((push, index) => {
    const { uploaded, mounted, present } = countsOf(copies[index]);
    return {
      ...destinationData(push, image.digest, isUnchanged(push.plan.tags, copies[index])),
      uploadedBlobs: uploaded,
      mountedBlobs: mounted,
      presentBlobs: present,
      uploadedBytes: copies[index]?.uploadedBytes ?? 0,
    };
  });
  return {
    service: project,
    from,
    to,
    digest: image.digest,
    version: image.version,
    commit: image.commit,
    sourceUri: `${source.repository.uri}@${image.digest}`,
    ...destinations[0],
    attachments: image.attachments,
    gates: gates.map(({ description }) => description),
    destinations,
  };
}
