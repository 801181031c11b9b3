import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { cdkProcess } from './cdk-process';

const workspaceRoot = path.join(__dirname, '../../../..');

describe('the process of the CDK', () => {
  it('sees whether anything answers, whatever it says', async () => {
    const server = createServer((_, response) => response.writeHead(401).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { answers } = cdkProcess(workspaceRoot);
    expect(await answers(url)).toBe(true);
    await new Promise((resolve) => server.close(resolve));
    expect(await answers(url)).toBe(false);
  });

  it('is the workspace’s own CDK, and tells its exit code', async () => {
    const { run } = cdkProcess(workspaceRoot);
    const env = { CDK_DISABLE_CLI_TELEMETRY: 'true' };
    expect(
      await run({ args: ['synth', '--quiet', '--app', 'exit 7', '--output', '/dev/null/x'], env }),
    ).not.toBe(0);
    expect(await run({ args: ['--version'], env })).toBe(0);
  }, 60_000);
});
