import { appendFile, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { awsVariables } from '../registry';
import { type Command } from '../runner';
import { type Compiler, writeStandaloneService } from '../standalone-service';
import { commitAll } from '../workspace-copy';
import { codeLine, salt, service, type Setting, type Way } from './way';

/** The usual two stages of a Node service, with a base image and a salt. */
const dockerfile = (base: string, run: string) => `FROM ${base} AS builder
${salt(run)}
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM ${base}
${salt(run)}
WORKDIR /app
COPY --from=builder /app/dist ./dist
COPY --from=builder /app/node_modules ./node_modules
CMD ["node", "dist/main.js"]
`;

/** The service in a separate repository: install, compile, copy node_modules; log in, tag twice, push twice. */
export async function seed(setting: Setting, compiler: Compiler): Promise<Way> {
  const { run, runner, registry, folder } = setting;
  const root = await mkdtemp(path.join(folder, 'seed-'));
  await writeStandaloneService(setting.workspaceRoot, service.folder, root, compiler);
  await writeFile(path.join(root, 'Dockerfile'), dockerfile(setting.base, run));
  const lock = ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'];
  await runner.call('npm', lock, root);
  await runner.call('git', ['init', '--quiet'], root);
  await commitAll(runner, root, 'chore: start');
  const repository = `bench-${run}-seed-${compiler}/${service.project}`;
  await registry.createRepository(repository);
  const image = `${registry.host}/${repository}`;
  const docker = (label: string, ...args: string[]): Command => ({
    label,
    file: 'docker',
    args,
    cwd: root,
  });
  return {
    name: `the seed's, ${compiler}`,
    repository,
    repeatsFirstBuild: false,
    // Its only cache is the builder's, and empty for each run of the bench because of the salt.
    reset: async () => undefined,
    async change(round) {
      await appendFile(path.join(root, 'src/main.ts'), codeLine(round));
      await commitAll(runner, root, `feat: change ${round}`);
    },
    async commands() {
      const commit = await runner.call('git', ['rev-parse', '--short=7', 'HEAD'], root);
      const tagged = `${image}:${commit.trim()}`;
      return [
        login(registry.host, root),
        docker('docker build', 'build', '--network=host', '-t', `${image}:latest`, '.'),
        docker('docker tag', 'tag', `${image}:latest`, tagged),
        docker('docker push', 'push', `${image}:latest`),
        docker('docker push', 'push', tagged),
      ];
    },
  };
}

const login = (host: string, cwd: string): Command => ({
  label: 'login',
  file: 'sh',
  args: [
    '-c',
    `aws ecr get-login-password --endpoint-url http://${host} | docker login --username AWS --password-stdin ${host}`,
  ],
  cwd,
  env: awsVariables,
});
