import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { cdkProcess } from './run-cdk';

const workspaceRoot = path.join(__dirname, '../../../..');

describe('cdkProcess', () => {
  it('detects a server by any response', async () => {
    const server = createServer((_, response) => response.writeHead(401).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { answers } = cdkProcess(workspaceRoot);
    expect(await answers(url)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await answers(url)).toBe(false);
  });

  it('runs the CDK of the workspace and returns its exit code', async () => {
    const { run } = cdkProcess(workspaceRoot);
    const env = { CDK_DISABLE_CLI_TELEMETRY: 'true' };
    expect(
      await run({ args: ['synth', '--quiet', '--app', 'exit 7', '--output', '/dev/null/x'], env }),
    ).not.toBe(0);
    expect(await run({ args: ['--version'], env })).toBe(0);
  }, 60_000);
});
