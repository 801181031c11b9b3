import { type Browser, type Page } from 'playwright-core';
import { faultsOfEveryLook, launchBrowser, openPage } from './support/browser';
import { waitFor } from './support/local-registry';
import { Racer } from './support/racer';
import { RunningGame } from './support/running-game';

/** What a round-result of the server says about a player. */
interface Standing {
  playerId: string;
  wpm: number;
  raw: number;
  accuracy: number;
  consistency: number;
  characters: { correct: number; incorrect: number; extra: number; missed: number };
}

describe('races in Chromium', () => {
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

  const read = async <Body>(path: string): Promise<Body> =>
    (await (await fetch(`${game.url}${path}`)).json()) as Body;

  describe('of two players and a bot', () => {
    let ada: Racer;
    let bob: Racer;

    beforeAll(async () => {
      ada = await Racer.enter(browser, `${game.url}/race`, 'Ada');
      const code = await ada.createRoom();
      bob = await Racer.enter(browser, `${game.url}/race/${code}`, 'Bob');
      await ada.click('Add a bot');
    });
    afterAll(async () => {
      await ada?.close();
      await bob?.close();
    });

    it('have a lobby in which the host sets the race, and the others see it', async () => {
      await ada.set('Words', 12);
      await bob.page.getByText('type race · 12 words').waitFor();
      expect(await bob.page.getByRole('radio').count()).toBe(0);
      expect(await bob.page.getByRole('button', { name: /Remove|Add a bot|Start/ }).count()).toBe(
        0,
      );
      expect(await faultsOfEveryLook(ada.page)).toEqual([]);
      expect(await faultsOfEveryLook(bob.page)).toEqual([]);
    });

    it('begin when the others are ready, and end with the same standings for everybody', async () => {
      await ada.click('Start');
      await ada.page.getByText('Not everybody is ready.').waitFor();
      await bob.click('Ready');
      await ada.click('Start');
      await Promise.all([
        ada.type({ wpm: 90, mistakeEvery: 15 }),
        bob.type({ wpm: 60 }, loseConnectionBetween(bob.page, 15, 30)),
      ]);
      await ada.untilStandings();
      await bob.untilStandings();
      const standings = await ada.table('Standings');
      expect(standings.map(([rank, name]) => [rank, name])).toEqual([
        ['1', 'Ada you'],
        ['2', 'Bob'],
        ['–', expect.stringMatching(/^Bot 1\s+Bots are not ranked\.$/)],
      ]);
      const withoutNames = (rows: string[][]) =>
        rows.map(([rank, , ...figures]) => [rank, figures]);
      expect(withoutNames(await bob.table('Standings'))).toEqual(withoutNames(standings));
      expect(await faultsOfEveryLook(ada.page)).toEqual([]);
    });

    it('are on the leaderboard and in the profile of the winner', async () => {
      const [winner] = await ada.table('Standings');
      await expectOnLeaderboard(ada, winner ?? []);
      await ada.page
        .getByRole('table', { name: /type race · 12 words/ })
        .getByRole('link', { name: 'Ada' })
        .click();
      await ada.page.getByRole('heading', { name: 'Ada' }).waitFor();
      await ada.page.getByRole('table', { name: 'Rounds, the latest first' }).waitFor();
      expect(await ada.table('Rounds, the latest first')).toEqual([
        expect.arrayContaining(['1 of 3', winner?.[2]]),
      ]);
    });

    it('have waves, each with its own time', async () => {
      // Another page keeps the connection, and with it the result.
      await ada.page.goBack();
      await ada.page.goBack();
      await ada.page.getByRole('heading', { name: /^Room/ }).waitFor();
      await ada.click('Back to the lobby');
      await bob.click('Back to the lobby');
      await ada.choose('wave rush');
      await ada.set('Waves', 2);
      await ada.set('Seconds of a wave', 5);
      await bob.page.getByText('2 waves of 5 s').waitFor();
      await bob.click('Ready');
      await ada.click('Start');
      for (const wave of [1, 2]) {
        await ada.page.getByText(`Wave ${wave} of 2`).waitFor();
        await Promise.all([
          ada.type({ wpm: 60 }, wave === 1 ? loseConnectionBetween(ada.page, 5, 10) : undefined),
          bob.type({ wpm: 100 }),
        ]);
      }
      await ada.untilStandings();
      await bob.untilStandings();
      const [winner, second] = await bob.table('Standings');
      expect([winner?.slice(0, 2), second?.slice(0, 2)]).toEqual([
        ['1', 'Bob you'],
        ['2', 'Ada'],
      ]);
      // The best wave counts, not the mean of the standings.
      await expectOnLeaderboard(bob, ['1', 'Bob you']);
    });

    it('let another player be the host when the host leaves', async () => {
      await bob.page.goBack();
      await bob.page.getByRole('heading', { name: /^Room/ }).waitFor();
      await bob.click('Back to the lobby');
      await ada.click('Leave the room');
      await bob.page.getByText('You are the host now.').waitFor();
      await bob.page.getByRole('button', { name: 'Remove Bot 1' }).click();
      await bob.page.getByText('A race needs two').waitFor();
    });

    it('leave leaderboards and profiles in which axe finds nothing', async () => {
      for (const address of [
        '/leaderboards?board=type-race.english-1k.12',
        `/players/${await bob.playerId()}`,
      ]) {
        await bob.page.goto(`${game.url}${address}`, { waitUntil: 'networkidle' });
        await bob.page.getByRole('table').first().waitFor();
        expect(await faultsOfEveryLook(bob.page)).toEqual([]);
      }
    });

    it('raise no error in the page, but for the connections that were lost', () => {
      const problems = [...ada.problems, ...bob.problems];
      expect(problems.filter((one) => !/ERR_INTERNET_DISCONNECTED/.test(one))).toEqual([]);
    });

    /** Follows the link of the standings. @param row the first cells of the own row */
    async function expectOnLeaderboard(racer: Racer, row: string[]): Promise<void> {
      const board = await racer.page
        .getByRole('link', { name: 'Leaderboard of this race' })
        .getAttribute('href');
      const { pathname, searchParams } = new URL(board ?? '', game.url);
      expect(pathname).toBe('/leaderboards');
      await waitFor(async () => {
        const path = `/v1/leaderboards/${searchParams.get('board')}`;
        return (await read<{ players: number }>(path)).players === 2;
      });
      await racer.click('Leaderboard of this race');
      const own = racer.page.locator('tr[aria-current=true]');
      await own.waitFor();
      const cells = await own.locator('> *').allInnerTexts();
      expect(cells.slice(0, row.length > 2 ? 3 : 2).map((cell) => cell.trim())).toEqual(
        row.slice(0, 3),
      );
    }
  });

  it('give the same figures in the page, at the server and in the record, at 250 words a minute with errors', async () => {
    const eve = await Racer.enter(browser, `${game.url}/race`, 'Eve');
    const results = await tapRoundResults(eve.page);
    await eve.createRoom();
    await eve.set('Words', 60);
    await eve.set("Bot's speed", 200);
    await eve.click('Add a bot');
    await eve.page.getByText('Everybody is ready.').waitFor();
    await eve.click('Start');
    await eve.type({ wpm: 250, mistakeEvery: 11 });
    await eve.untilStandings();

    // The page did not get the figures of the server: it shows its own.
    const shown = async (name: string) =>
      ((await eve.page.getByTestId(name).textContent()) ?? '').replace('%', '');
    const [wpm, raw, accuracy, consistency, characters] = await Promise.all(
      ['wpm', 'raw', 'accuracy', 'consistency', 'characters'].map(shown),
    );
    const page = { wpm, raw, accuracy, consistency, characters };

    const playerId = await eve.playerId();
    const server = results.find((one) => one.playerId === playerId);
    expect(page).toEqual(asShown(server));
    expect(Number(raw)).toBeGreaterThan(180);
    expect(Number(accuracy)).toBeLessThan(95);

    const path = `/v1/players/${playerId}/matches`;
    interface History {
      matches?: { players: Standing[] }[];
    }
    await waitFor(async () => (await read<History>(path)).matches?.length === 1);
    const [match] = (await read<History>(path)).matches ?? [];
    const recorded = match?.players.find((one) => one.playerId === playerId);
    expect(page).toEqual(asShown(recorded));
    await eve.close();
  });

  it('ask for a new name when the session is not accepted any more', async () => {
    const { page } = await openPage(browser, game.url);
    await page.evaluate(() => {
      const session = { token: 'old', playerId: 'old', name: 'Old', expiresAt: '2100-01-01' };
      localStorage.setItem('typerush.session', JSON.stringify(session));
    });
    await page.goto(`${game.url}/race/ACDEFG`);
    await page.getByText('Your session has ended').first().waitFor();
    expect(await page.getByLabel('Your name').inputValue()).toBe('Old');
    expect(await faultsOfEveryLook(page)).toEqual([]);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('There is no room with this code.').waitFor();
    await page.context().close();
  });
});

const asShown = (standing: Standing | undefined) => {
  if (!standing) return undefined;
  const { wpm, raw, accuracy, consistency, characters } = standing;
  const { correct, incorrect, extra, missed } = characters;
  const [w, r, a, c] = [wpm, raw, accuracy, consistency].map((figure) => figure.toFixed(2));
  return {
    wpm: w,
    raw: r,
    accuracy: a,
    consistency: c,
    characters: `${correct}/${incorrect}/${extra}/${missed}`,
  };
};

/** Takes the connection away before a key, and gives it back before another. The keys between are typed without it. */
function loseConnectionBetween(page: Page, from: number, to: number) {
  return async (typed: number) => {
    if (typed === from) {
      await page.context().setOffline(true);
      await page.getByText('Connection lost').waitFor();
    }
    if (typed === to) await page.context().setOffline(false);
  };
}

/**
 * Keeps the figures of each round-result of the server, and lets the page have them only under another player's id: then it
 * shows those that it has computed.
 */
async function tapRoundResults(page: Page): Promise<Standing[]> {
  const seen: Standing[] = [];
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => server.send(message));
    server.onMessage((message) => {
      const packet = String(message);
      if (!packet.startsWith('42["round-result"')) return socket.send(message);
      const [event, result] = JSON.parse(packet.slice(2)) as [string, { standings: Standing[] }];
      seen.push(...result.standings);
      const standings = result.standings.map((one) => ({
        ...one,
        playerId: `not ${one.playerId}`,
      }));
      return socket.send(`42${JSON.stringify([event, { ...result, standings }])}`);
    });
  });
  // Only connections that are opened from here on are routed.
  await page.reload();
  return seen;
}
