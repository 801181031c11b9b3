import { type Browser } from 'playwright-core';
import { accessibilityFaults, launchBrowser, openPage } from './support/browser';
import { RunningGame } from './support/running-game';

describe('the page in Chromium', () => {
  let game: RunningGame;
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
    game = await RunningGame.start();
  });
  afterAll(async () => {
    await browser?.close();
    await game?.stop();
  });

  it.each(['/', '/race', '/leaderboards'])(
    'loads at %s without an error and within its policy',
    async (address) => {
      const { page, problems } = await openPage(browser, `${game.url}${address}`);
      expect(await page.title()).toContain('TypeRush');
      expect(await page.locator('#page > *').count()).toBeGreaterThan(0);
      expect(problems).toEqual([]);
      await page.context().close();
    },
  );

  it('runs no inline code', async () => {
    const { page, problems } = await openPage(browser, game.url);
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'document.title = "injected"';
      document.body.append(script);
    });
    expect(await page.title()).not.toBe('injected');
    expect(problems.join()).toMatch(/Content Security Policy/);
    await page.context().close();
  });

  it('takes its assets from the cache when it is opened again', async () => {
    const { page } = await openPage(browser, game.url);
    const second = await page.context().newPage();
    await second.goto(game.url, { waitUntil: 'networkidle' });
    const sizes = await second.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map((entry) => entry as PerformanceResourceTiming)
        .filter(({ name }) => name.includes('/assets/'))
        .map(({ transferSize }) => transferSize),
    );
    expect(sizes.length).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBe(0);
    await page.context().close();
  });

  it('opens a WebSocket to its own origin', async () => {
    const { page, problems } = await openPage(browser, game.url);
    const opened = await page.evaluate(async () => {
      const response = await fetch('/api/sessions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Ada' }),
      });
      const socket = new WebSocket(`ws://${location.host}/socket.io/?EIO=4&transport=websocket`);
      return new Promise<string>((resolve) => {
        socket.onerror = () => resolve(`failed after session ${response.status}`);
        socket.onmessage = ({ data }) => resolve(String(data));
      });
    });
    expect(opened).toMatch(/^0\{"sid":/);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)('has nothing that axe finds, %s', async (colorScheme) => {
    const { page } = await openPage(browser, game.url, { colorScheme });
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.context().close();
  });

  it('reads the records, and a problem while record-service is down', async () => {
    const { page } = await openPage(browser, game.url);
    const read = () =>
      page.evaluate(async () => {
        const response = await fetch('/records');
        return { status: response.status, body: (await response.json()) as unknown };
      });
    expect(await read()).toEqual({ status: 200, body: { modes: [] } });
    await game.stopRecords();
    expect(await read()).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE', status: 503 } });
    await game.startRecords();
    expect(await read()).toEqual({ status: 200, body: { modes: [] } });
    await page.context().close();
  });
});
