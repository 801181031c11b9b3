import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { exitCode, launch } from './run';

const workspace = join(__dirname, '../../..');

export interface PlayedRace {
  readonly raceId: string;
  readonly standings: readonly { readonly playerId: string; readonly rank: number | null }[];
  /** The first state of the record that the players were sent. */
  readonly state: string;
}

/** Races of two persons each, played by a process of its own against a running game. */
export class PlayedRaces {
  /** In the order in which they were over. */
  readonly finished: PlayedRace[] = [];
  readonly ended: Promise<number>;
  private stderr = '';

  /** @param races of each room, one after the other */
  constructor(url: string, rooms: number, races: number) {
    const script = join(workspace, 'apps/game-service/test/play-races.ts');
    const child = launch(
      process.execPath,
      ['--import', 'tsx', script, url, String(rooms), String(races)],
      { cwd: join(workspace, 'apps/game-service') },
    );
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    if (child.stdout) {
      createInterface({ input: child.stdout }).on('line', (line) =>
        this.finished.push(JSON.parse(line) as PlayedRace),
      );
    }
    this.ended = exitCode(child);
  }

  /** Waits until so many are over. */
  async until(count: number): Promise<void> {
    let code: number | undefined;
    void this.ended.then((given) => (code = given));
    while (this.finished.length < count) {
      if (code !== undefined) throw new Error(`The players ended with ${code}:\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
