import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Place, WorkspaceCopy } from '../workspace-copy';

/** A workspace with only the plugin, what compiles it, the libraries that it imports, and the files at the root. */
export async function copyPlugin(place: Place): Promise<WorkspaceCopy> {
  const file = path.join(place.workspaceRoot, 'module-boundaries.json');
  const projects = JSON.parse(await readFile(file, 'utf8')) as Projects;
  const folders = ['docker', ...foldersOf(projects, ['nx-ecr', 'pack'])];
  return WorkspaceCopy.create(
    place,
    (each) => !each.includes('/') || folders.some((folder) => each.startsWith(`${folder}/`)),
  );
}

type Projects = Readonly<Record<string, { root: string; imports: readonly string[] }>>;

/** The folders of these projects and of all that they import, directly or not. */
function foldersOf(projects: Projects, names: readonly string[]): readonly string[] {
  const found = new Set(names);
  // Names that are added to a set while it is iterated are visited too.
  for (const name of found) for (const each of projects[name]?.imports ?? []) found.add(each);
  return [...found].flatMap((name) => projects[name]?.root ?? []);
}

const scope = '@bench';
export const serviceName = (n: number) => `service-${n}`;
export const mainOf = (n: number) => `apps/${serviceName(n)}/src/main.ts`;

/** Writes HTTP services that import one library. */
export async function writeServices(copy: WorkspaceCopy, count: number): Promise<void> {
  // They include ecr-local, which is not copied.
  await copy.editJson<{ nx: object }>('tools/nx-ecr/package.json', (own) => ({
    ...own,
    nx: { ...own.nx, implicitDependencies: [] },
  }));
  await writeProject(copy, 'libs/greeting', {
    'package.json': json({
      name: `${scope}/greeting`,
      version: '1.0.0',
      exports: './src/index.ts',
    }),
    'src/index.ts': 'export const greeting = (name: string) => `I am ${name}.`;\n',
  });
  await mkdir(copy.path('node_modules', scope), { recursive: true });
  await symlink('../../libs/greeting', copy.path('node_modules', scope, 'greeting'));
  for (let n = 1; n <= count; n += 1) {
    const name = serviceName(n);
    await writeProject(copy, `apps/${name}`, {
      'package.json': json({
        name: `${scope}/${name}`,
        version: '1.0.0',
        // A release of Nx would publish it to npm.
        private: true,
        nx: { name },
        dependencies: { [`${scope}/greeting`]: '1.0.0', express: '5.3.0' },
      }),
      'image.json': json({
        repository: name,
        retention: 'environment',
        port: 3000,
        health: '/health',
      }),
      'tsconfig.json': json({ extends: '../../tsconfig.base.json', include: ['src'] }),
      'src/main.ts': source(name),
    });
  }
}

const source = (name: string) => `import { greeting } from '${scope}/greeting';
import express from 'express';

const app = express();
app.get('/', (_request, response) => void response.send(greeting('${name}')));
app.get('/health', (_request, response) => void response.send('ok'));
app.listen(Number(process.env['PORT']));
`;

async function writeProject(
  copy: WorkspaceCopy,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(copy.path(folder, file)), { recursive: true });
    await writeFile(copy.path(folder, file), text);
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
