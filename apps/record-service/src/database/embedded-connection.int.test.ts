import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectToEmpty, copyEmptyDatabase } from '../../test/empty-database';
import { describeLeaderboards } from '../../test/leaderboards-conformance';
import { describeMatches } from '../../test/matches-conformance';
import { describeMigrator } from '../../test/migrator-conformance';
import { openTestDatabase } from '../../test/open-database';
import { loadEmbedded } from './embedded-connection';

describe('the embedded database', () => {
  describeMigrator(connectToEmpty);
  describeMatches(() => openTestDatabase(connectToEmpty));
  describeLeaderboards(() => openTestDatabase(connectToEmpty));

  describe('in a folder', () => {
    let temporary: string;
    beforeEach(async () => {
      temporary = await mkdtemp(join(tmpdir(), 'record-service-'));
    });
    afterEach(() => rm(temporary, { recursive: true }));

    it('makes the folder, and keeps its data there', async () => {
      const folder = join(temporary, 'not/there/yet');
      const open = await loadEmbedded();
      const before = await open(folder);
      await before.withSession((session) =>
        session.script('CREATE TABLE kept (n INTEGER); INSERT INTO kept VALUES (7);'),
      );
      await before.close();
      const after = await open(folder);
      const rows = await after.withSession((session) => session.query('SELECT n FROM kept'));
      await after.close();
      expect(rows).toEqual([{ n: 7 }]);
    });

    it('refuses a folder that is in use', async () => {
      const folder = join(temporary, 'database');
      await copyEmptyDatabase(folder);
      const open = await loadEmbedded();
      const first = await open(folder);
      await expect(open(folder)).rejects.toMatchObject({
        code: 'FOLDER_IN_USE',
        message: expect.stringContaining(`process ${process.pid}`),
      });
      await first.close();
    });

    it('is taken over when its owner was killed, also if another process has its id now', async () => {
      const folder = join(temporary, 'database');
      await copyEmptyDatabase(folder);
      await mkdir(`${folder}.lockdir`);
      await writeFile(`${folder}.owner`, `${process.pid}\n`);
      const longAgo = new Date(Date.now() - 60_000);
      await utimes(`${folder}.lockdir`, longAgo, longAgo);
      const connection = await (await loadEmbedded())(folder);
      await connection.close();
      expect(await readdir(temporary)).toEqual(['database']);
    });

    it('has one owner of several that start at once', async () => {
      const folder = join(temporary, 'database');
      await copyEmptyDatabase(folder);
      const open = await loadEmbedded();
      const outcomes = await Promise.allSettled([open(folder), open(folder), open(folder)]);
      const opened = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value] : [],
      );
      expect(opened).toHaveLength(1);
      await opened[0]?.close();
    });
  });
});
