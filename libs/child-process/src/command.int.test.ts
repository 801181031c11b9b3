import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { CommandError, lastLines, runCommand, streamCommand } from './command';

const node = process.execPath;
const script = (code: string) => ['--eval', code];
const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('runCommand', () => {
  it('returns exit code and both outputs as they were written', async () => {
    const code = 'console.log("out"); console.error("err"); process.exitCode = 3';
    await expect(runCommand(node, script(code))).resolves.toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('passes arguments without a shell', async () => {
    const { stdout } = await runCommand(node, [
      ...script('console.log(process.argv[1])'),
      '$HOME; ls *',
    ]);
    expect(stdout).toBe('$HOME; ls *\n');
  });

  it('returns 127 and the reason if the program does not exist', async () => {
    const { code, stderr } = await runCommand('no-such-program', []);
    expect({ code, stderr }).toEqual({ code: 127, stderr: expect.stringContaining('ENOENT') });
  });

  it('sets exactly the given variables', async () => {
    const code = 'console.log(process.env.ONE, process.env.HOME)';
    const { stdout } = await runCommand(node, script(code), { env: { ONE: '1' } });
    expect(stdout).toBe('1 undefined\n');
  });

  it('inherits the variables of this process without any given', async () => {
    const { stdout } = await runCommand(node, script('console.log(process.env.HOME)'));
    expect(stdout).toBe(`${process.env['HOME']}\n`);
  });

  it.each([
    ['text', () => 'a secret'],
    ['a stream', () => Readable.from([Buffer.from('a '), Buffer.from('secret')])],
  ])('writes %s to standard input', async (_, input) => {
    const { stdout } = await runCommand(node, script('process.stdin.pipe(process.stdout)'), {
      input: input(),
    });
    expect(stdout).toBe('a secret');
  });

  it('returns the exit code of a program that does not read its input', async () => {
    const input = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(65_536)));
    const { code } = await runCommand(node, script('process.exit(5)'), { input });
    expect(code).toBe(5);
  });

  it('throws the error of an input stream that fails', async () => {
    const input = new Readable({ read: () => input.destroy(new Error('cut')) });
    await expect(runCommand(node, script('process.stdin.resume()'), { input })).rejects.toThrow(
      'cut',
    );
  });

  it('ends a program that takes longer than its timeout, and returns 124', async () => {
    const code = 'console.log(process.pid); setInterval(() => undefined, 1000)';
    const result = await runCommand(node, script(code), { timeout: 500 });
    expect(result.code).toBe(124);
    expect(isRunning(Number(result.stdout))).toBe(false);
  });

  it('reports each line while the program runs, across chunks and over carriage returns', async () => {
    const lines: string[] = [];
    const code = `process.stdout.write('one li');
      setTimeout(() => process.stdout.write('ne\\n\\n10 %\\r20 %\\n'), 100);
      setTimeout(() => console.error('last'), 200);`;
    const { stdout } = await runCommand(node, script(code), { onLine: (line) => lines.push(line) });
    expect(lines).toEqual(['one line', '10 %', '20 %', 'last']);
    expect(stdout).toBe('one line\n\n10 %\r20 %\n');
  });
});

describe('streamCommand', () => {
  it('returns the standard output', async () => {
    const stream = streamCommand(node, script('process.stdout.write("x".repeat(1e6))'));
    await expect(text(stream)).resolves.toHaveLength(1e6);
  });

  it('fails with the end of the error stream if the program fails', async () => {
    const code = 'console.log("part"); console.error("no space"); process.exitCode = 1';
    await expect(text(streamCommand(node, script(code)))).rejects.toThrow(
      new CommandError('no space'),
    );
  });

  it('fails if the program does not exist', async () => {
    await expect(text(streamCommand('no-such-program', []))).rejects.toThrow(/ENOENT/);
  });

  it('ends the program when it is destroyed', async () => {
    const code = 'console.log(process.pid); setInterval(() => console.log("more"), 10)';
    let pid = 0;
    for await (const chunk of streamCommand(node, script(code))) {
      pid = Number(String(chunk).split('\n')[0]);
      break;
    }
    while (isRunning(pid)) await wait(10);
    expect(pid).toBeGreaterThan(0);
  });
});

describe('lastLines', () => {
  it('returns the last lines of both outputs without empty lines', () => {
    expect(lastLines({ code: 1, stdout: 'a\nb\n', stderr: '\nc\r\n' }, 2)).toBe('b\nc');
  });
});
