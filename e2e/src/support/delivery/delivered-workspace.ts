import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { runOk } from '../run';
import { WorkspaceCopy } from '../workspace-copy';

/** The services that are delivered: small, so that a delivery takes seconds. */
export const deliveredServices = ['letter', 'parcel'] as const;
export type DeliveredService = (typeof deliveredServices)[number];

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:ap-southeast-1:000000000000:${resource}`;

/** The services on ECS, in a VPC that is created. */
const run = `run: {
    network: { cidr: '10.20.0.0/16' },
    certificateArn: '${arn('acm', 'certificate/0123abcd-0123-0123-0123-0123456789ab')}',
    services: { letter: { public: true }, parcel: {} },
  }`;

/** What a team sets for an environment that runs services, with a pipeline that asks for an approval. */
const staging = `{
  ...watched,
  github: { repository: 'team/shop', branch: 'main' },
  ${run},
  delivery: {
    build: {
      source: { type: 'codepipeline', clone: { connectionArn: '${arn('codeconnections', 'connection/0123')}' } },
      artifactBucketName: 'team-artifacts',
    },
    pipeline: { owner: 'team', repository: 'shop', branch: 'main', approval: true },
  },
}`;

const mainOf = (service: string, content: string) => `import { createServer } from 'node:http';

createServer((_request, response) => void response.end('${service}: ${content}')).listen(Number(process.env['PORT']));
process.on('SIGTERM', () => process.exit(0));
`;

/** This workspace with two small services in the place of its own, whose environment `staging` has a pipeline. Also `local` runs them. */
export class DeliveredWorkspace {
  private constructor(readonly copy: WorkspaceCopy) {}

  static async create(): Promise<DeliveredWorkspace> {
    const workspace = new DeliveredWorkspace(await WorkspaceCopy.create());
    const { copy } = workspace;
    for (const service of ['game-service', 'record-service']) {
      await rm(copy.path('apps', service, 'image.json'));
    }
    for (const service of deliveredServices) await workspace.addService(service);
    await workspace.set('staging: watched,', `staging: ${staging},`);
    await workspace.set('local: { ...watched, cost: {} },', `local: { ...watched, ${run} },`);
    await copy.commit('feat: deliver letter and parcel');
    return workspace;
  }

  head(): Promise<string> {
    return this.copy.git('rev-parse', 'HEAD').then((text) => text.trim());
  }

  /** Commits other content of a service. @returns the commit */
  async change(service: DeliveredService): Promise<string> {
    await this.write(`apps/${service}/src/main.ts`, mainOf(service, await this.head()));
    await this.copy.commit(`feat(${service}): change the content`);
    return this.head();
  }

  /** Commits what no image contains. @returns the commit */
  async changeDocs(): Promise<string> {
    await this.write('docs/notes.md', `After ${await this.head()}.\n`);
    await this.copy.commit('docs: take notes');
    return this.head();
  }

  /** A checkout of a commit as a CI system has it: with the history, the packages of npm, and the caches of earlier runs. */
  async checkOut(folder: string, commit: string): Promise<void> {
    const git = (...args: string[]) => runOk('git', args, { cwd: folder });
    const isNew = (await mkdir(folder, { recursive: true })) !== undefined;
    if (isNew) {
      await runOk('git', ['clone', '--quiet', '--no-checkout', this.copy.root, folder]);
      for (const installed of ['node_modules', 'tools/nx-ecr/node_modules']) {
        await mkdir(dirname(`${folder}/${installed}`), { recursive: true });
        await runOk('cp', ['-al', this.copy.path(installed), `${folder}/${installed}`]);
      }
    }
    await git('fetch', '--quiet', 'origin');
    await git('checkout', '--quiet', '--force', '--detach', commit);
    await git('clean', '-ffdxq', '--exclude=node_modules', '--exclude=.nx');
  }

  /** Changes the settings of an environment. */
  private async set(former: string, settings: string): Promise<void> {
    const file = this.copy.path('infra/src/environments.ts');
    const text = await readFile(file, 'utf8');
    if (!text.includes(former)) throw new Error(`${file} has no "${former}"`);
    await writeFile(file, text.replace(former, settings));
  }

  private async addService(service: DeliveredService): Promise<void> {
    const app = `apps/${service}`;
    const json = (file: string, content: object) =>
      this.write(`${app}/${file}`, JSON.stringify(content, null, 2));
    await this.write(`${app}/src/main.ts`, mainOf(service, 'first'));
    await json('tsconfig.json', { extends: '../../tsconfig.base.json' });
    await json('image.json', {
      repository: service,
      retention: 'environment',
      port: 3000,
      health: '/health/live',
    });
    await json('project.json', {
      name: service,
      projectType: 'application',
      sourceRoot: `${app}/src`,
      targets: {},
    });
  }

  private async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(this.copy.path(path)), { recursive: true });
    await writeFile(this.copy.path(path), content);
  }
}
