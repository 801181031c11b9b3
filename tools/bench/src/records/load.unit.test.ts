import { setTimeout as sleep } from 'node:timers/promises';
import { measureThroughput, sendAtRate } from './load';

describe('requests at a rate', () => {
  it('are sent while earlier ones still run', async () => {
    let [running, most] = [0, 0];
    const send = async () => {
      most = Math.max(most, (running += 1));
      await sleep(200);
      running -= 1;
    };
    const { requests, p50 } = await sendAtRate(send, 100, 0.2);
    expect(requests).toBe(20);
    expect(most).toBeGreaterThan(5);
    expect(p50).toBeGreaterThan(190);
  });

  it('include the time for which a request was due and could not be sent', async () => {
    let isFirst = true;
    const send = async () => {
      if (!isFirst) return;
      isFirst = false;
      const end = performance.now() + 300;
      while (performance.now() < end);
    };
    const { p50 } = await sendAtRate(send, 100, 0.2);
    expect(p50).toBeGreaterThan(100);
  });

  it('fail with the first request that fails', async () => {
    await expect(sendAtRate(() => Promise.reject(new Error('503')), 100, 0.1)).rejects.toThrow(
      '503',
    );
  });
});

it('measures how many requests some clients get responses to', async () => {
  let running = 0;
  const send = async () => {
    expect((running += 1)).toBeLessThanOrEqual(4);
    await sleep(20);
    running -= 1;
  };
  const perSecond = await measureThroughput(send, 4, 0.3);
  expect(perSecond).toBeGreaterThan(0);
  expect(perSecond).toBeLessThanOrEqual(205);
});
