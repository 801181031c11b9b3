import { type RunnableImage } from './image-runner';
import { commandOf, environmentOf } from './run-config';

const image = (run: RunnableImage['run'], env: RunnableImage['env'] = {}): RunnableImage => ({
  run,
  env,
  port: 3000,
  files: [],
});

describe('what an image starts', () => {
  it.each([
    [{ Cmd: ['node', 'main.js'] }, ['node', 'main.js']],
    [{ Entrypoint: ['node'], Cmd: ['main.js'] }, ['node', 'main.js']],
    [{ Entrypoint: ['docker-entrypoint.sh'], Cmd: ['node', 'main.js'] }, ['node', 'main.js']],
    [{ Entrypoint: null, Cmd: null }, []],
  ])('of %j is %j', (run, command) => {
    expect(commandOf(run)).toEqual(command);
  });
});

describe('the environment of a run', () => {
  it('is that of the image, and what the run adds', () => {
    const run = { Env: ['A=1', 'B=x=y', 'C='] };
    expect(environmentOf(image(run, { A: '2', D: '3' }))).toEqual({
      A: '2',
      B: 'x=y',
      C: '',
      D: '3',
    });
  });

  it('has an address of this machine only where the image has one', () => {
    const here = { PORT: '49152', HOST: '127.0.0.1' };
    expect(environmentOf(image({ Env: ['PORT=3000'] }), here)).toEqual({ PORT: '49152' });
  });
});
