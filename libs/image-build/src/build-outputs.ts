import { PipelineError } from '@typerush/pipeline-context';

const kinds = ['layout', 'archive'] as const;
export type OutputKind = (typeof kinds)[number];

/** `layout,archive` @throws PipelineError `OPTIONS_INVALID` */
export function parseOutputs(text: string): ReadonlySet<OutputKind> {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const wrong = words.find((word) => !isKind(word));
  if (wrong === undefined) return new Set(words.filter(isKind));
  throw new PipelineError(
    'OPTIONS_INVALID',
    `--output=${text} names "${wrong}": it is a list of ${kinds.join(' and ')}, like --output=${kinds.join(',')}.`,
  );
}

const isKind = (word: string): word is OutputKind => kinds.some((kind) => kind === word);

/** Where a complete image goes, in the folder of `build.json`. */
export const completeLayoutFolder = 'layout';

/** `image.tar` of an only platform, `image-linux-arm64.tar` of one of several. */
export const archiveFile = (platform: string, platforms: number): string =>
  platforms === 1 ? 'image.tar' : `image-${platform.replaceAll('/', '-')}.tar`;

export const isArchiveFile = (name: string): boolean => /^image(-[\w-]+)?\.tar$/.test(name);
