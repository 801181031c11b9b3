import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeStandInTar } from '@typerush/oci';
import { type Runner } from './runner';

/** The Docker daemon. The bench distinguishes its own images and cache records from all others. */
export class Docker {
  private constructor(
    private readonly runner: Runner,
    private readonly cacheBefore: ReadonlySet<string>,
  ) {}

  static async connect(runner: Runner): Promise<Docker> {
    return new Docker(runner, new Set(await buildCache(runner)));
  }

  /** Imports a stand-in base image for `node:alpine`, made from this machine's Node, and pushes it. */
  async pushBase(reference: string, folder: string): Promise<void> {
    const tar = await writeStandInTar(path.join(folder, 'stand-in.tar'));
    const changes = tar.changes.flatMap((change) => ['--change', change]);
    await this.runner.call('docker', ['import', ...changes, tar.path, reference]);
    await rm(tar.path);
    await this.runner.call('docker', ['push', '--quiet', reference]);
  }

  async login(host: string, password: string): Promise<void> {
    const args = ['login', '--username', 'AWS', '--password-stdin', host];
    await this.runner.run({ label: 'login', file: 'docker', args, cwd: '/', input: password });
  }

  /** Removes the images with a tag that starts with one of `prefixes`, or with the variable `BENCH_RUN=<run>`. */
  async removeImages(run: string, prefixes: readonly string[]): Promise<void> {
    const format = '{{.ID}} {{.Repository}}:{{.Tag}}';
    const listed = lines(
      await this.runner.call('docker', ['images', '--all', '--no-trunc', '--format', format]),
    ).map((line) => line.split(' ') as [id: string, reference: string]);
    const tagged = listed.filter(([, name]) => prefixes.some((each) => name.startsWith(each)));
    const dangling = listed.filter(([, name]) => name === '<none>:<none>').map(([id]) => id);
    const ours = new Set(tagged.map(([id]) => id));
    for (const id of await this.withVariable(`BENCH_RUN=${run}`, dangling)) ours.add(id);
    for (const id of ours) await this.attempt('rmi', '--force', id);
  }

  /** Removes the records of the builder's cache that were created since the bench connected. */
  async pruneBuildCache(): Promise<void> {
    // A record can be removed only after those that depend on it.
    for (let round = 0; round < 5; round += 1) {
      const ids = (await buildCache(this.runner)).filter((id) => !this.cacheBefore.has(id));
      if (ids.length === 0) return;
      for (const id of ids) {
        await this.attempt('builder', 'prune', '--all', '--force', '--filter', `id=${id}`);
      }
    }
  }

  private async withVariable(variable: string, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const format = '{{.Id}} {{json .Config.Env}}';
    const { stdout } = await this.attempt('image', 'inspect', '--format', format, ...ids);
    return lines(stdout)
      .filter((line) => line.includes(variable))
      .flatMap((line) => line.split(' ', 1));
  }

  /** Runs a command that may fail: the object may be removed already, or in use. */
  private attempt(...args: string[]) {
    return this.runner.attempt({ label: 'clean up', file: 'docker', args, cwd: '/' });
  }
}

async function buildCache(runner: Runner): Promise<string[]> {
  const format = '{{json .BuildCache}}';
  const text = await runner.call('docker', ['system', 'df', '--verbose', '--format', format]);
  return (JSON.parse(text) as { ID: string }[] | null)?.map(({ ID }) => ID) ?? [];
}

const lines = (text: string) => text.split('\n').filter(Boolean);
