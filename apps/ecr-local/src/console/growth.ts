import { dayMs } from '../registry/lifecycle';
import { type Addressed, blobSize } from './console-data';
import { table } from './layout';
import { markup, type Markup } from './markup';
import { count, sizeText } from './text-forms';

/** What was pushed on a day, of what exists: a layer counts on the day of the first image that has it. */
interface PushDay {
  readonly day: string;
  readonly images: number;
  readonly bytes: number;
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const shownDays = 30;
const barHeight = 48;
const barWidth = 8;

async function pushDays(addressed: Addressed): Promise<ReadonlyMap<string, PushDay>> {
  const images = addressed.repository.images.values();
  const days = new Map<string, PushDay>();
  const counted = new Set<string>();
  for (const { pushedAt, manifestSize, blobs } of images.sort((one, other) =>
    one.pushedAt < other.pushedAt ? -1 : 1,
  )) {
    let added = manifestSize;
    for (const digest of blobs) {
      if (!counted.has(digest)) added += await blobSize(addressed, digest);
      counted.add(digest);
    }
    const day = dayOf(Date.parse(pushedAt));
    const { images: before, bytes } = days.get(day) ?? { images: 0, bytes: 0 };
    days.set(day, { day, images: before + 1, bytes: bytes + added });
  }
  return days;
}

/** The last days as bars, and the same as a table for all who do not see them. */
export async function growth(addressed: Addressed, now: Date): Promise<Markup> {
  const pushed = await pushDays(addressed);
  const days = Array.from({ length: shownDays }, (_, at) => {
    const day = dayOf(now.getTime() - (shownDays - 1 - at) * dayMs);
    return pushed.get(day) ?? { day, images: 0, bytes: 0 };
  });
  const images = days.reduce((sum, day) => sum + day.images, 0);
  const bytes = days.reduce((sum, day) => sum + day.bytes, 0);
  const most = Math.max(1, ...days.map((day) => day.bytes));
  const bars = days.map((day, at) => {
    const height = day.bytes === 0 ? 0 : Math.max(2, Math.round((day.bytes / most) * barHeight));
    return markup`<rect class="kept" x="${at * barWidth}" y="${barHeight - height}" width="${barWidth - 2}" height="${height}"></rect>`;
  });
  const rows = days
    .filter((day) => day.images > 0)
    .reverse()
    .map(
      (day) =>
        markup`<tr>
          <th scope="row">${day.day}</th>
          <td class="number">${day.images}</td>
          <td class="number">${sizeText(day.bytes)}</td>
        </tr>`,
    );
  return markup`<h2>Growth</h2>
    <p>
      In ${shownDays} days, ${count(images, 'image')} that still ${images === 1 ? 'exists' : 'exist'} added
      ${sizeText(bytes)}, shared layers once.
    </p>
    ${
      images > 0 &&
      markup`<svg width="${shownDays * barWidth}" height="${barHeight + 2}" aria-hidden="true">
          ${bars}<rect class="track" y="${barHeight}" width="${shownDays * barWidth}" height="2"></rect>
        </svg>
        <details>
          <summary>By day</summary>
          ${table('Days with pushes, newest first', ['Day (UTC)', 'Images', 'Added'], rows)}
        </details>`
    }`;
}
