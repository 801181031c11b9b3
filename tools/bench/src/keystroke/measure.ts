import { setTimeout as sleep } from 'node:timers/promises';
import { type CDPSession, chromium } from 'playwright-core';
import { type Keystroke, type ProcessorTime } from './summary';

/** Debian's. Its sandbox needs privileges that root in a container lacks; it loads only our own page. */
const executablePath = '/usr/bin/chromium';

const MEAN_MS = 60_000 / (250 * 5);
const MISTAKE_EVERY = 11;

/**
 * Types in the practice without an end, whose text is the longest one, at 250 words a minute with mistakes.
 *
 * @param throttle how many times slower the processor is made
 */
export async function measureKeystrokes(
  url: string,
  count: number,
  throttle: number,
): Promise<{ keystrokes: Keystroke[]; processor: ProcessorTime }> {
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.getByLabel('open end').click({ force: true });
    await page.getByTestId('typing-input').focus();
    const text = (await page.locator('.typing-field .sr-only').textContent()) ?? '';
    await page.evaluate(watchKeystrokes);
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
    // What other programs do on this machine does not count then.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await processorTime(session);
    for (const key of keysOf(text, count)) {
      const next = performance.now() + MEAN_MS;
      await page.keyboard.press(key);
      await sleep(Math.max(0, next - performance.now()));
    }
    const after = await processorTime(session);
    const keystrokes = await page.evaluate(
      () => (globalThis as unknown as { keystrokes: Keystroke[] }).keystrokes,
    );
    const perKey = (name: keyof ProcessorTime) => (after[name] - before[name]) / count;
    const processor = {
      all: perKey('all'),
      script: perKey('script'),
      style: perKey('style'),
      layout: perKey('layout'),
    };
    return { keystrokes, processor };
  } finally {
    await browser.close();
  }
}

/** Of the page's main thread so far, in ms. */
async function processorTime(session: CDPSession): Promise<ProcessorTime> {
  const { metrics } = await session.send('Performance.getMetrics');
  const ms = (name: string) => 1_000 * (metrics.find((one) => one.name === name)?.value ?? NaN);
  return {
    all: ms('TaskDuration'),
    script: ms('ScriptDuration'),
    style: ms('RecalcStyleDuration'),
    layout: ms('LayoutDuration'),
  };
}

/** The text, where every so often a key is wrong and deleted. */
function keysOf(text: string, count: number): string[] {
  const keys = [...text].flatMap((key, index) =>
    index % MISTAKE_EVERY === MISTAKE_EVERY - 1 && key !== ' ' ? ['#', 'Backspace', key] : [key],
  );
  return keys.slice(0, count);
}

/** Runs in the page. */
function watchKeystrokes(): void {
  const keystrokes: Keystroke[] = [];
  Object.assign(globalThis, { keystrokes });
  const text = document.querySelector('[data-testid=text]');
  if (!text) throw new Error('There is no text.');
  let changedAt = 0;
  new MutationObserver(() => (changedAt = performance.now())).observe(text, {
    subtree: true,
    childList: true,
    attributes: true,
  });
  document.addEventListener(
    'keydown',
    () => {
      const pressedAt = performance.now();
      requestAnimationFrame(() => {
        const frameAt = performance.now();
        const isInNextFrame = changedAt >= pressedAt;
        const change = changedAt - pressedAt;
        // A message is delivered after the frame is painted.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          const now = performance.now();
          keystrokes.push({
            change,
            frame: now - frameAt,
            painted: now - pressedAt,
            isInNextFrame,
          });
        };
        port2.postMessage(undefined);
      });
    },
    { capture: true },
  );
}
