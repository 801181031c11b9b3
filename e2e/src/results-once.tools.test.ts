import { PlayedRaces } from './support/played-races';
import { Postgres } from './support/postgres';
import { expectRecordedOnce, untilAllAreSent } from './support/recorded-once';
import { RunningGame } from './support/running-game';

const database = 'results_once';

describe('results, with PostgreSQL', () => {
  let postgres: Postgres;
  let game: RunningGame;
  beforeAll(async () => {
    postgres = await Postgres.find();
    game = await RunningGame.start(await postgres.createDatabase(database));
  });
  afterAll(async () => {
    await game?.stop();
    await postgres?.start();
    await postgres?.dropDatabase(database);
  });

  it('are recorded once each, although record-service, PostgreSQL and game-service are killed while 50 races are played', async () => {
    const races = new PlayedRaces(game.url, 10, 5);
    await races.until(5);
    await game.killRecords();
    await races.until(15);
    await game.startRecords();
    await races.until(25);
    await postgres.kill();
    await races.until(35);
    await postgres.start();
    await races.until(45);
    await postgres.kill();
    await races.until(50);
    expect(await races.ended).toBe(0);
    expect(new Set(races.finished.map(({ state }) => state))).toEqual(new Set(['queued']));
    await game.killGame();
    await postgres.start();
    await game.startGame();
    await untilAllAreSent(game, 120);
    await expectRecordedOnce(game, races.finished);
  });
});
