import { type Browser } from 'playwright-core';
import { faultsOfEveryLook, launchBrowser, openPage } from './support/browser';
import { waitFor } from './support/local-registry';
import { RunningGame } from './support/running-game';
import { openField, pressesOf, shownText, type } from './support/typing';

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

  it.each([
    ['/', 'Practice'],
    ['/race', 'Race'],
    ['/leaderboards', 'Leaderboards'],
    ['/players/0b8f7c9e-6a40-4f58-9f27-8a7c6d5e4f30', 'Player'],
    ['/nowhere', 'Page not found'],
  ])(
    'has nothing that axe finds at %s, light and dark, wide and narrow',
    async (address, heading) => {
      const { page } = await openPage(browser, `${game.url}${address}`);
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      expect(await faultsOfEveryLook(page)).toEqual([]);
      await page.context().close();
    },
  );

  it('says where there is nothing, and what to do', async () => {
    const { page } = await openPage(browser, `${game.url}/leaderboards?board=quote.quotes`);
    await page.getByText('No ranked result here yet.').waitFor();
    await page.goto(`${game.url}/players/0b8f7c9e-6a40-4f58-9f27-8a7c6d5e4f30`);
    await page.getByText('nothing is recorded yet').waitFor();
    await page.goto(`${game.url}/players/nobody`);
    await page.getByText('There is no player at this address').waitFor();
    await page.context().close();
  });

  it('has the chosen colours at its first paint, against those of the system', async () => {
    const { page } = await openPage(browser, game.url, { colorScheme: 'light' });
    await page.evaluate(() => localStorage.setItem('typerush.theme', '"dark"'));
    // The code of the page never comes: what is painted is the first paint.
    await page.route(/assets\/index-.*\.js/, (route) => route.abort());
    await page.reload();
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe('rgb(18, 21, 15)');
    await page.context().close();
  });

  it('is used only with the keyboard: a choice by arrow keys, and a page by its link', async () => {
    const { page } = await openPage(browser, `${game.url}/leaderboards`);
    await page.getByRole('radio', { name: 'type race' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: /^wave rush/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('board')).toBe('wave-rush.english-1k.10');
    await page.getByRole('link', { name: 'Race', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Race' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.context().close();
  });

  it('offers to try again while record-service is down', async () => {
    await game.stopRecords();
    const { page } = await openPage(browser, `${game.url}/leaderboards`);
    await page.getByText('The records cannot be read at the moment.').waitFor();
    await game.startRecords();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('No ranked result here yet.').waitFor();
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

  it('records practice once there is a name, and shows it on the leaderboard', async () => {
    const { page, problems } = await openPage(browser, game.url);
    const practise = async () => {
      await page.locator(openField).waitFor();
      const text = await shownText(page);
      await type(page, pressesOf(text, { wpm: 120, mistakeEvery: 13 }));
      await page.getByRole('button', { name: /^Next text/ }).waitFor();
    };
    await page.getByLabel('words', { exact: true }).click({ force: true });
    await page.getByLabel('10', { exact: true }).click({ force: true });
    await practise();
    // A player who still types does not lose the result.
    await page.keyboard.press('Space');
    await page.getByText('This result stays here.').waitFor();
    expect(await faultsOfEveryLook(page)).toEqual([]);

    await page.getByLabel('Your name').fill('Dora');
    await page.getByRole('button', { name: 'Save name' }).click();
    await practise();
    await page.getByText('Recorded for the leaderboards.').waitFor();
    const wpm = await page.getByTestId('wpm').textContent();
    await page.getByRole('link', { name: 'Leaderboard', exact: true }).click();
    await page.waitForURL(/board=words\.english-200\.10/);
    const row = page.locator('tr[aria-current=true]');
    await waitFor(async () => {
      await page.reload();
      await row.waitFor({ timeout: 2_000 });
      return true;
    });
    expect(await row.innerText()).toContain(`Dora you\t${wpm}`);
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
    await page.context().close();
  });
});
