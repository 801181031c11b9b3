import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './support/free-port';
import { exitCode, launch } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

describe('nx serve', () => {
  let workspace: WorkspaceCopy;
  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
  });
  afterAll(() => workspace?.remove());

  it.each(['game-service', 'record-service'])(
    'runs %s from source with a debugger, and again after a change',
    async (service) => {
      const port = await freePort();
      const child = launch(workspace.path('node_modules/.bin/nx'), ['serve', service], {
        cwd: workspace.root,
        env: { ...workspace.env, PORT: String(port) },
        detached: true,
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
      }
      const listening = async (times: number) => {
        while ((output.match(/"msg":"listening"/g) ?? []).length < times) {
          if (child.exitCode !== null) throw new Error(`nx serve ended:\n${output}`);
          await sleep(100);
        }
        return (await fetch(`http://127.0.0.1:${port}/health/live`)).status;
      };
      try {
        expect(await listening(1)).toBe(200);
        expect(output).toMatch(/Debugger listening on ws:\/\/localhost:\d+/);
        await appendFile(workspace.path('apps', service, 'src/main.ts'), '\n// changed\n');
        expect(await listening(2)).toBe(200);
      } finally {
        if (child.pid) process.kill(-child.pid, 'SIGINT');
        await exitCode(child);
      }
      await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
    },
  );
});
