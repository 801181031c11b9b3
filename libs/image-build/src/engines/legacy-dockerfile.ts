import { PipelineError } from '@typerush/pipeline-context';

interface Flag {
  readonly text: string;
  readonly name: string;
  readonly value: string;
}

/** The flags that only BuildKit supports, by instruction; https://docs.docker.com/reference/dockerfile/ */
const ONLY_BUILDKIT: Readonly<Record<string, readonly string[]>> = {
  RUN: ['mount', 'network', 'security', 'device'],
  COPY: ['link', 'chmod', 'parents', 'exclude'],
  ADD: ['link', 'chmod', 'checksum', 'keep-git-dir', 'exclude'],
};
const HERE_DOCUMENT = /(?:^|\s)<<-?["']?[A-Za-z_]/;

/**
 * Converts a Dockerfile for Docker's legacy builder: without cache mounts, which only make a build faster, and with the
 * platform of the daemon. Lines keep their numbers.
 * @param platform the value of BUILDPLATFORM and TARGETPLATFORM
 * @throws PipelineError `BUILDKIT_MISSING` with the line that needs BuildKit
 */
export function legacyDockerfile(text: string, file: string, platform: string): string {
  const escape = /^#\s*escape\s*=\s*`/im.test(text) ? '`' : '\\';
  return instructions(text, escape)
    .map(({ lines, line }) =>
      legacyInstruction(lines.join('\n'), `${file}:${line}`, escape, platform),
    )
    .join('\n');
}

/** Lines by instruction; a comment or an empty line within one belongs to it. */
function instructions(text: string, escape: string) {
  const found: { lines: string[]; line: number }[] = [];
  let continues = false;
  for (const [index, content] of text.split('\n').entries()) {
    const last = found.at(-1);
    if (continues && last) last.lines.push(content);
    else found.push({ lines: [content], line: index + 1 });
    const isComment = /^\s*(#|$)/.test(content);
    continues = isComment ? continues : content.trimEnd().endsWith(escape);
  }
  return found;
}

function legacyInstruction(text: string, where: string, escape: string, platform: string): string {
  const [keyword = ''] = /^\s*[A-Za-z]+/.exec(text) ?? [];
  const name = keyword.trim().toUpperCase();
  if (name === 'FROM') {
    return text.replace(/\$\{?(?:BUILD|TARGET)PLATFORM\}?/g, platform);
  }
  if (!(name in ONLY_BUILDKIT)) return text;
  const flags = flagsOf(text.slice(keyword.length), escape);
  for (const flag of flags) check(flag, name, where);
  if (HERE_DOCUMENT.test(text)) throw needsBuildKit(where, `${name} with a here-document`);
  const caches = flags.filter(({ name: flag }) => flag === 'mount');
  return caches.reduce((rest, { text: flag }) => rest.replace(flag, ''), text);
}

function check({ name, value, text }: Flag, instruction: string, where: string): void {
  if (!ONLY_BUILDKIT[instruction]?.includes(name)) return;
  if (name === 'mount' && /(?:^|,)type=cache(?:,|$)/.test(value)) return;
  throw needsBuildKit(where, `${instruction} ${text}`);
}

/** The flags between a keyword and its arguments. */
function flagsOf(text: string, escape: string): Flag[] {
  const gap = new RegExp(`^(?:\\s|${escape === '`' ? '`' : '\\\\'}[ \\t]*\\n|#[^\\n]*\\n)*`);
  const flags: Flag[] = [];
  for (let rest = text; ;) {
    rest = rest.slice(gap.exec(rest)?.[0].length ?? 0);
    const match = /^--([a-z-]+)(?:=(\S*))?(?=\s|$)/.exec(rest);
    if (!match) return flags;
    flags.push({ text: match[0], name: match[1] ?? '', value: match[2] ?? '' });
    rest = rest.slice(match[0].length);
  }
}

function needsBuildKit(where: string, what: string): PipelineError {
  return new PipelineError(
    'BUILDKIT_MISSING',
    `${where}: ${what} needs BuildKit, and no docker on PATH has it.\n` +
      'Fix: install the buildx plugin (https://docs.docker.com/go/buildx/), or use --engine=podman or --engine=oci.',
  );
}
