import { type LifecyclePolicy } from '@typerush/image-registry';
import { forecastLifecycle } from './lifecycle-forecast';

const from = new Date('2026-01-10T00:00:00Z');
const image = (digest: string, pushedAt: string, tags: string[] = []) => ({
  digest,
  tags,
  pushedAt: new Date(pushedAt),
});
const policy = (selection: object, action: object = { type: 'expire' }) =>
  ({ rules: [{ rulePriority: 1, selection, action }] }) as LifecyclePolicy;
const untaggedForAWeek = policy({
  tagStatus: 'untagged',
  countType: 'sinceImagePushed',
  countUnit: 'days',
  countNumber: 7,
});

describe('forecastLifecycle', () => {
  it('has the day on which each image expires first', () => {
    const images = [
      image('old', '2026-01-01'),
      image('new', '2026-01-08'),
      image('kept', '2026-01-01', ['v1']),
    ];
    const fates = forecastLifecycle(untaggedForAWeek, images, from, 30);
    expect([...fates].map(([digest, { inDays }]) => [digest, inDays])).toEqual([
      ['old', 0],
      ['new', 6],
    ]);
    expect(fates.get('new')).toMatchObject({
      action: 'expire',
      rulePriority: 1,
      reason: { days: 7 },
    });
  });

  it('ends with its last day', () => {
    const images = [image('new', '2026-01-08')];
    expect(forecastLifecycle(untaggedForAWeek, images, from, 5).size).toBe(0);
    expect(forecastLifecycle(untaggedForAWeek, images, from, 6).size).toBe(1);
    expect(forecastLifecycle(untaggedForAWeek, images, from, 0).size).toBe(0);
  });

  it('says what happens to an image first: archived, and not what follows', () => {
    const archive = policy(
      { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 3 },
      { type: 'transition', targetStorageClass: 'archive' },
    );
    const fates = forecastLifecycle(archive, [image('a', '2026-01-09')], from, 30);
    expect(fates.get('a')).toMatchObject({ action: 'transition' });
  });

  it('reaches its last day also with so many images that days are left out', () => {
    const images = Array.from({ length: 1200 }, (_, at) => image(`i${at}`, '2026-01-09'));
    expect(forecastLifecycle(untaggedForAWeek, images, from, 8).size).toBe(1200);
  });
});
