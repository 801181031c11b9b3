import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectToEmpty, copyEmptyDatabase } from '../../test/empty-database';
import { describeMatches } from '../../test/matches-conformance';
import { describeMigrator } from '../../test/migrator-conformance';
import { openTestDatabase } from '../../test/open-database';
import { loadEmbedded } from './embedded-connection';

describe('the embedded database', () => {
  describeMigrator(connectToEmpty);
  describeMatches(() => openTestDatabase(connectToEmpty));

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

    it('takes over the folder of a process that died', async () => {
      const folder = join(temporary, 'database');
      await copyEmptyDatabase(folder);
      // No process has so high a number, on any system.
      await writeFile(`${folder}.lock`, '4194305\n');
      const connection = await (await loadEmbedded())(folder);
      await connection.close();
      expect(await readdir(temporary)).toEqual(['database']);
    });
  });
});
