// gather-images.ts <environment> gathers what deployments read in dist/delivery, in the working directory: for each service a folder with the files that
// AWS CodePipeline's deploy actions read and the summary of its push; summary.md and summary.html list them. A service that the commit does not affect has them
// too, with the image that is already in the registry: its deploy action would fail without.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  type Cell,
  type ReportDocument,
  reportMarkdown,
  reportPage,
} from '@typerush/image-comparison';
import {
  deployedTag,
  environmentSchema,
  imageFile,
  parseImageConfig,
  parseRegistryConfig,
  registryFile,
  repositoryName,
} from '@typerush/image-registry';

interface Row {
  readonly service: string;
  readonly imageUri: string;
  readonly tags: readonly string[];
  readonly state: string;
  /** Whether the delivery has the summary of its push. */
  readonly hasSummary: boolean;
}

const images = path.resolve('dist/images');
const delivery = path.resolve('dist/delivery');
const files = [
  'imagedefinitions.json',
  'imageDetail.json',
  'push.json',
  'summary.md',
  'summary.html',
];

const environment = environmentSchema.parse(process.argv[2]);
const registry = parseRegistryConfig(readFileSync(registryFile, 'utf8'));

async function main(): Promise<void> {
  await rm(delivery, { recursive: true, force: true });
  await mkdir(delivery, { recursive: true });
  const rows: Row[] = [];
  const missing: string[] = [];
  for (const service of (await readdir('apps')).sort()) {
    const file = path.join('apps', service, imageFile);
    const declared = await readFile(file, 'utf8').catch(() => undefined);
    if (declared === undefined) continue;
    const row =
      (await pushed(service)) ?? (await deployed(service, parseImageConfig(declared, file)));
    if (row) rows.push(row);
    else missing.push(service);
  }
  // The page of a CI run has no files beside it.
  const markdown = summary(rows, missing, (page) => ({ code: page }));
  const html = summary(rows, missing, (page) => ({ text: page, link: page }));
  await writeFile(path.join(delivery, 'summary.md'), reportMarkdown(markdown));
  await writeFile(path.join(delivery, 'summary.html'), reportPage(html));
}

/** What this delivery pushed of a service. */
async function pushed(service: string): Promise<Row | undefined> {
  const folder = path.join(images, service);
  const record = await readFile(path.join(folder, 'push.json'), 'utf8').catch(() => undefined);
  // Built and not pushed, or not affected.
  if (record === undefined) return undefined;
  for (const name of files) await cp(path.join(folder, name), path.join(delivery, service, name));
  const { imageUri, tags, unchanged } = JSON.parse(record) as {
    readonly imageUri: string;
    readonly tags: readonly { readonly tag: string }[];
    readonly unchanged?: boolean;
  };
  return {
    service,
    imageUri,
    tags: tags.map(({ tag }) => tag),
    state: unchanged ? 'already present' : 'pushed',
    hasSummary: true,
  };
}

/** What an earlier delivery pushed of a service; nothing if it has never been pushed. */
async function deployed(
  service: string,
  { repository }: { readonly repository: string },
): Promise<Row | undefined> {
  const name = repositoryName({ registry, repository, environment });
  const tag = deployedTag(environment);
  const imageUri = await currentImage(name, tag);
  if (imageUri === undefined) return undefined;
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
  const write = (file: string, content: unknown) =>
    writeFile(path.join(delivery, service, file), `${JSON.stringify(content, null, 2)}\n`);
  await mkdir(path.join(delivery, service));
  await write('imagedefinitions.json', [{ name: service, imageUri }]);
  await write('imageDetail.json', { ImageURI: imageUri });
  return { service, imageUri, tags: [tag], state: 'not affected', hasSummary: false };
}

/** The image that a tag points to, by its digest. */
async function currentImage(repository: string, tag: string): Promise<string | undefined> {
  const destinations = registry.destinations?.[environment];
  // Deployments read from ECR: the first that images are pushed to, or without destinations that of the AWS settings.
  const destination = destinations?.find(({ registry: other }) => other === undefined);
  if (destinations && !destination) return undefined;
  const region = destination?.region ? ['--region', destination.region] : [];
  const ecr = async (...args: string[]): Promise<unknown> => {
    const call = ['ecr', ...args, ...region, '--output', 'json'];
    const { stdout } = await promisify(execFile)('aws', call);
    return JSON.parse(stdout);
  };
  try {
    const { repositories } = (await ecr(
      'describe-repositories',
      '--repository-names',
      repository,
    )) as {
      readonly repositories: readonly { readonly repositoryUri: string }[];
    };
    const { imageDetails } = (await ecr(
      'describe-images',
      '--repository-name',
      repository,
      '--image-ids',
      `imageTag=${tag}`,
    )) as { readonly imageDetails: readonly { readonly imageDigest: string }[] };
    return `${repositories[0]?.repositoryUri}@${imageDetails[0]?.imageDigest}`;
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string };
    if (/\((RepositoryNotFoundException|ImageNotFoundException)\)/.test(stderr)) return undefined;
    throw error;
  }
}

function whyMissing(): string {
  const destinations = registry.destinations?.[environment] ?? [];
  return destinations.length > 0 && destinations.every(({ region }) => region === undefined)
    ? `Not affected, and no destination of ${environment} is ECR, where the current image could be looked up`
    : 'Without an image yet';
}

/** The pages of the pushes are beside it, each below the name of its service. */
const summary = (
  rows: readonly Row[],
  missing: readonly string[],
  pageCell: (page: string) => Cell,
): ReportDocument => ({
  title: `Images of ${environment}`,
  notes: missing.length > 0 ? [`${whyMissing()}: ${missing.join(', ')}.`] : [],
  facts: [],
  tables: [
    {
      title: 'Services',
      heading: ['service', 'image', 'tags', 'push', 'summary'],
      rows: rows.map(({ service, imageUri, tags, state, hasSummary }) => ({
        cells: [
          service,
          { code: imageUri },
          tags.map((tag) => ({ code: tag })),
          state,
          hasSummary ? pageCell(`${service}/summary.html`) : '',
        ],
      })),
      empty: 'No image is affected: nothing was pushed.',
    },
  ],
  rest: 'the folders of the services',
});

main().catch((error: unknown) => {
  process.stderr.write(`Cannot gather the images: ${String(error)}\n`);
  process.exitCode = 1;
});
