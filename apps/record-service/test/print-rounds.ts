/** print-rounds.ts <count>: prints rounds as game-service would write them, one a line: races of two, and practice. */
import { sampleRound, typist } from './sample-round';

/** Speeds of people, in words a minute. */
const [slowest, fastest] = [20, 160];
const count = Number(process.argv[2] ?? 1);

for (let index = 0; index < count; index += 1) {
  const isRace = index % 2 === 0;
  const wpm = slowest + ((fastest - slowest) * index) / count;
  const round = sampleRound({
    mode: isRace ? 'type-race' : 'words',
    seed: 2 * index + 1,
    typists: [
      typist({ name: 'Ada', wpm }),
      ...(isRace ? [typist({ name: 'Bob', wpm: slowest + fastest - wpm })] : []),
    ],
  });
  process.stdout.write(`${JSON.stringify(round)}\n`);
}
