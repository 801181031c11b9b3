import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { z } from 'zod';
import type { Program } from './programs';

/** The running services: printed human-readable by `describeReport`, machine-readable with `--json`. */
export interface Report {
  /** The address to open in a browser. */
  readonly page: string;
  readonly registry: string;
  readonly services: { name: string; url: string; ready: string; image: string; tags: string[] }[];
}

/** Serves the page. */
const pageService = 'game-service';

const pushSchema = z.object({
  repositoryUri: z.string(),
  digest: z.string(),
  tags: z.array(z.object({ tag: z.string() })),
});

/** Collects the URLs and, from each `push.json`, the image that a service runs as. */
export async function collectReport(
  root: string,
  registry: Program,
  services: Program[],
): Promise<Report> {
  const page = services.find(({ name }) => name === pageService);
  if (!page) throw new Error(`the plan has no ${pageService}`);
  return {
    page: `http://127.0.0.1:${page.port}`,
    registry: `http://127.0.0.1:${registry.port}`,
    services: await Promise.all(
      services.map(async ({ name, port, readyPath }) => {
        const file = join(root, 'dist/images', name, 'push.json');
        const push = pushSchema.parse(JSON.parse(await readFile(file, 'utf8')));
        return {
          name,
          url: `http://127.0.0.1:${port}`,
          ready: `http://127.0.0.1:${port}${readyPath}`,
          image: `${push.repositoryUri}@${push.digest}`,
          tags: push.tags.map(({ tag }) => tag),
        };
      }),
    ),
  };
}

export function describeReport({ page, registry, services }: Report): string {
  const lines = services.flatMap(({ name, url, ready, image, tags }) => [
    `${pc.bold(name)}  ${url}  (${ready})`,
    `  image  ${image}`,
    `  tags   ${tags.join(', ')}`,
  ]);
  return [
    '',
    `Play at ${pc.bold(pc.cyan(page))}`,
    '',
    ...lines,
    `${pc.bold('local ECR')}  ${registry}`,
    `  console  ${pc.cyan(`${registry}/`)} in a browser: images, lifecycle policies, stacks, requests`,
    `  aws ecr describe-repositories --endpoint-url ${registry}`,
    '',
    'Ctrl-C stops everything. Logs are in dist/start.',
    '',
  ].join('\n');
}
