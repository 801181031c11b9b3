import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { LocalRegistry } from './support/local-registry';
import { type RunbookCommand, runbookCommands } from './support/runbook';
import { Shell } from './support/shell';
import { WorkspaceCopy } from './support/workspace-copy';

const commands = runbookCommands(readFileSync(resolve(__dirname, '../../docs/runbook.md'), 'utf8'));
const executed = commands.filter(({ reason }) => !reason);

/** The ports of the page; the second one is that of another account. */
const ports = ['5100', '5101'];

describe('docs/runbook.md', () => {
  let workspace: WorkspaceCopy;
  const registries: LocalRegistry[] = [];
  let docker: string;
  let shell: Shell;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    while (registries.length < ports.length) {
      registries.push(await LocalRegistry.start(workspace));
    }
    docker = await mkdtemp(join(tmpdir(), 'docker-'));
    shell = new Shell({
      cwd: workspace.root,
      env: { ...workspace.env, ...registries[0]?.env, DOCKER_CONFIG: docker, AWS_PAGER: '' },
    });
  });
  afterAll(async () => {
    await shell?.close();
    for (const registry of registries) await registry.stop();
    await workspace?.remove();
    if (docker) await rm(docker, { recursive: true });
  });

  const execute = async (command: string) => {
    const here = ports.reduce(
      (text, port, nth) => text.replaceAll(port, String(registries[nth]?.port)),
      command,
    );
    const { code, output } = await shell.run(here);
    return { code, output: stripVTControlCharacters(output) };
  };
  const cases = (of: readonly RunbookCommand[]) =>
    of.map((each): [string, string, RunbookCommand] => [
      `${each.line}, ${each.heading}`,
      each.command,
      each,
    ]);

  it.each(cases(executed))('line %s: %s', async (_line, _command, { command, prints, fails }) => {
    const { code, output } = await execute(command);
    for (const text of prints) expect(output).toContain(text);
    if ((code !== 0) !== fails) throw new Error(`exit code ${code}:\n${output}`);
  });

  it('marks seven lines that need AWS', () => {
    expect(commands.length - executed.length).toBe(7);
  });
});
