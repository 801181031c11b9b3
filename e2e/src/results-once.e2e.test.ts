import { PlayedRaces } from './support/played-races';
import { expectRecordedOnce, untilAllAreSent } from './support/recorded-once';
import { RunningGame } from './support/running-game';

describe('results, with the embedded database', () => {
  let game: RunningGame;
  beforeAll(async () => (game = await RunningGame.start()));
  afterAll(() => game?.stop());

  it('are recorded once each, although both services are killed while 50 races are played', async () => {
    const races = new PlayedRaces(game.url, 10, 5);
    await races.until(5);
    await game.killRecords();
    await races.until(20);
    await game.startRecords();
    await races.until(30);
    await game.killRecords();
    await races.until(50);
    expect(await races.ended).toBe(0);
    expect(new Set(races.finished.map(({ state }) => state))).toEqual(new Set(['queued']));
    await game.killGame();
    await game.startGame();
    await game.startRecords();
    await untilAllAreSent(game, 120);
    await expectRecordedOnce(game, races.finished);
  });
});
