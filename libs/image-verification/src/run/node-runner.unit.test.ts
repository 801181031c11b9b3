import { type RunnableImage } from './image-runner';
import { commandOf, environmentOf } from './node-runner';

const image = (run: RunnableImage['run'], env: RunnableImage['env'] = {}): RunnableImage => ({
  run,
  env,
  port: 3000,
  files: [],
  leftOut: [],
});

describe('commandOf', () => {
  it.each([
    [{ Cmd: ['node', 'main.js'] }, ['node', 'main.js']],
    [{ Entrypoint: ['node'], Cmd: ['main.js'] }, ['node', 'main.js']],
    [{ Entrypoint: ['docker-entrypoint.sh'], Cmd: ['node', 'main.js'] }, ['node', 'main.js']],
    [{ Entrypoint: null, Cmd: null }, []],
  ])('returns the command of %j: %j', (run, command) => {
    expect(commandOf(run)).toEqual(command);
  });
});

describe('environmentOf', () => {
  it('combines the variables of the image and of the run', () => {
    const run = { Env: ['A=1', 'B=x=y', 'C='] };
    expect(environmentOf(image(run, { A: '2', D: '3' }))).toEqual({
      A: '2',
      B: 'x=y',
      C: '',
      D: '3',
    });
  });

  it('sets the address only in variables of the image', () => {
    const here = { PORT: '49152', HOST: '127.0.0.1' };
    expect(environmentOf(image({ Env: ['PORT=3000'] }), here)).toEqual({ PORT: '49152' });
  });
});
