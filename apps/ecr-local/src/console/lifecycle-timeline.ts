import { type LifecyclePolicy, type LifecycleReason } from '@typerush/image-registry';
import { type Images, type StoredImage } from '../registry/images';
import { dayMs, lifecycleCandidates } from '../registry/lifecycle';
import { table } from './layout';
import { type Fate, forecastLifecycle } from './lifecycle-forecast';
import { markup, type Markup } from './markup';
import { tagsOf } from './repository-page';
import { count, shortDigest, timeText } from './text-forms';

const mostShown = 500;

/** From when to when the bars are, in milliseconds, and where now is. */
interface Scale {
  readonly oldest: number;
  readonly now: number;
  readonly end: number;
}

/** What a policy does to each image within some days: those that it acts on first, in the order of time. */
export function timeline(
  images: Images,
  policy: LifecyclePolicy,
  { now, days }: { readonly now: Date; readonly days: number },
): Markup {
  const fates = forecastLifecycle(policy, lifecycleCandidates(images, now), now, days);
  const acted = [...fates.values()];
  const expiring = acted.filter(({ action }) => action === 'expire').length;
  const archived = acted.length - expiring;
  const order = ({ digest, pushedAt }: StoredImage) =>
    `${fates.get(digest)?.at.toISOString() ?? '9'}${pushedAt}`;
  const rows = images.values().sort((one, other) => (order(one) < order(other) ? -1 : 1));
  const shown = rows.slice(0, mostShown);
  const scale = {
    oldest: shown.reduce(
      (least, { pushedAt }) => Math.min(least, Date.parse(pushedAt)),
      now.getTime(),
    ),
    now: now.getTime(),
    end: now.getTime() + days * dayMs,
  };
  return markup`<p>
      Within ${count(days, 'day')},
      ${count(expiring, 'image expires', 'images expire')}${archived > 0 && markup`, ${archived} are archived`}
      and ${count(images.size - expiring, 'stays', 'stay')}, if nothing is pushed or pulled.
    </p>
    ${table(
      `Timeline${rows.length > mostShown ? `, the first ${mostShown}` : ''}: a bar begins with the push and ends with the image; the dashed line is now`,
      ['Image', 'Timeline', 'What happens'],
      shown.map((image) => row(image, fates.get(image.digest), scale)),
    )}`;
}

function row(image: StoredImage, fate: Fate | undefined, scale: Scale): Markup {
  const until = fate?.action === 'expire' ? fate.at.getTime() : scale.end;
  return markup`<tr${fate?.inDays === 0 && markup` class="gone"`}><td class="wrap">${tagsOf(image)}<br>
<code>${shortDigest(image.digest)}</code><br>${timeText(image.pushedAt)}</td>
<td>${bar(Date.parse(image.pushedAt), until, scale)}</td><td>${fate ? fateText(fate) : 'stays'}</td></tr>`;
}

function fateText({ action, inDays, at, rulePriority, reason }: Fate): Markup {
  const what = action === 'expire' ? 'expires' : 'is archived';
  const when = inDays === 0 ? 'with the next run' : `in ${count(inDays, 'day')}`;
  return markup`<strong>${what} ${when}</strong>, ${timeText(at)}<br />rule ${rulePriority}: ${reasonText(reason)}`;
}

function reasonText(reason: LifecycleReason): string {
  if ('follows' in reason) return `it is attached to ${shortDigest(reason.follows)}`;
  if ('place' in reason) {
    return `number ${reason.place} of the newest, of which ${reason.kept} are kept`;
  }
  return `more than ${count(reason.days, 'day')} since ${reason.since.toISOString().slice(0, 10)}`;
}

const barWidth = 120;

function bar(from: number, until: number, { oldest, now, end }: Scale): Markup {
  const at = (time: number) => Math.round(((time - oldest) / Math.max(1, end - oldest)) * barWidth);
  const width = Math.max(2, at(until) - at(from));
  return markup`<svg width="${barWidth}" height="16" aria-hidden="true">
    <rect class="track" y="7" width="${barWidth}" height="2"></rect>
    <rect class="kept" x="${at(from)}" y="4" width="${width}" height="8" rx="2"></rect>
    <line x1="${at(now)}" x2="${at(now)}" y1="0" y2="16"></line>
  </svg>`;
}
