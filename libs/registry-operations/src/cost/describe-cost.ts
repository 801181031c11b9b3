import { monthlyStorageCost } from '@typerush/image-registry';
import { grid, megabytes, type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import { shortDigest } from '@typerush/oci';
import { type CostEstimate } from './estimate-cost';

/** The costs as a table of the repositories and a table of the most expensive images. */
export function describeCost(estimate: CostEstimate, imagesShown: number): Report {
  const { environment, cost, budget, overBudget, pricePerGbMonth, sharedBytes, bytes } = estimate;
  const verdict = `${usd(cost)} of ${usd(budget)} a month (${percent(cost, budget)})`;
  const parts = [
    repositoryTable(estimate),
    imagesShown > 0 ? imageTable(estimate, imagesShown) : '',
    `${overBudget ? pc.red('over budget') : pc.green('within budget')} ${environment}: ${verdict}\n`,
    `At USD ${usd(pricePerGbMonth)} per GB and month; a layer counts once in each repository.` +
      (sharedBytes < bytes
        ? ` If repositories shared layers (blob mounting), it would be ${usd(monthlyStorageCost(sharedBytes, pricePerGbMonth))}.\n`
        : '\n'),
  ];
  return { data: withCosts(estimate), text: parts.filter(Boolean).join('\n') };
}

const right = 'right' as const;

function repositoryTable(estimate: CostEstimate): string {
  const { environment, pricePerGbMonth, repositories, bytes, bytesToExpire } = estimate;
  const images = repositories.reduce((sum, each) => sum + each.images, 0);
  return grid(
    `${environment}: what the images cost a month`,
    ['repository', 'images', 'stored', 'USD', 'to expire'],
    [...repositories, { repository: 'all', images, bytes, bytesToExpire }].map((each) => [
      each.repository,
      String(each.images),
      megabytes(each.bytes),
      usd(monthlyStorageCost(each.bytes, pricePerGbMonth)),
      megabytes(each.bytesToExpire),
    ]),
    ['left', right, right, right, right],
  );
}

function imageTable({ repositories, pricePerGbMonth }: CostEstimate, shown: number): string {
  const rows = repositories
    .flatMap(({ repository, storage }) => storage.map((each) => ({ repository, ...each })))
    .sort((a, b) => b.shareBytes - a.shareBytes);
  if (rows.length === 0) return '';
  const first = rows.slice(0, shown);
  return grid(
    first.length < rows.length
      ? `the ${first.length} most expensive of ${rows.length} images`
      : 'images',
    ['repository', 'image', 'tags', 'size', 'own', 'share', 'USD'],
    first.map(({ repository, image, bytes, ownBytes, shareBytes }) => [
      repository,
      shortDigest(image.digest),
      shortTags(image.tags),
      megabytes(bytes),
      megabytes(ownBytes),
      megabytes(shareBytes),
      usd(monthlyStorageCost(shareBytes, pricePerGbMonth)),
    ]),
    ['left', 'left', 'left', right, right, right, right],
  );
}

function withCosts(estimate: CostEstimate) {
  const price = estimate.pricePerGbMonth;
  return {
    ...estimate,
    repositories: estimate.repositories.map(({ storage, ...repository }) => ({
      ...repository,
      cost: monthlyStorageCost(repository.bytes, price),
      storage: storage.map(({ image, ...sizes }) => ({
        imageDigest: image.digest,
        imageTags: image.tags,
        ...sizes,
        cost: monthlyStorageCost(sizes.shareBytes, price),
      })),
    })),
  };
}

function shortTags(tags: readonly string[]): string {
  if (tags.length === 0) return '-';
  return tags.length > 3
    ? `${tags.slice(0, 2).join(', ')} and ${tags.length - 2} more`
    : tags.join(', ');
}

/** With four decimals if it is less than a cent. */
const usd = (amount: number) => amount.toFixed(amount > 0 && amount < 0.01 ? 4 : 2);

const percent = (part: number, whole: number) =>
  whole === 0 ? 'of nothing' : `${Math.round((part / whole) * 100)} %`;
