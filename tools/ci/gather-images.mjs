// Gathers what was pushed in dist/delivery, in the working directory: for each service a folder with the files that AWS
// CodePipeline's deploy actions read, and summary.md for people. There is always a summary: a pipeline takes no empty artifact.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const images = path.resolve('dist/images');
const delivery = path.resolve('dist/delivery');
const files = ['imagedefinitions.json', 'imageDetail.json', 'push.json'];

await rm(delivery, { recursive: true, force: true });
await mkdir(delivery, { recursive: true });

const pushes = [];
for (const service of (await readdir(images).catch(() => [])).sort()) {
  const folder = path.join(images, service);
  const push = await readFile(path.join(folder, 'push.json'), 'utf8').catch(() => undefined);
  // Built and not pushed.
  if (push === undefined) continue;
  pushes.push(JSON.parse(push));
  for (const file of files) await cp(path.join(folder, file), path.join(delivery, service, file));
}
await writeFile(path.join(delivery, 'summary.md'), summary());

function summary() {
  if (pushes.length === 0) return 'No image is affected: nothing was pushed.\n';
  const rows = pushes.map(
    ({ service, imageUri, tags, unchanged }) =>
      `| ${service} | \`${imageUri}\` | ${tags.map(({ tag }) => tag).join(', ')} | ${unchanged ? 'stood there' : 'pushed'} |`,
  );
  return ['| service | image | tags | |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}
