/** An operating system by its os-release. */
export interface OperatingSystem {
  /** `debian` */
  readonly id: string;
  /** `12`, `3.20.1`; undefined for a rolling release */
  readonly versionId?: string;
  /** `Debian GNU/Linux 12 (bookworm)` */
  readonly name: string;
}

/** https://www.freedesktop.org/software/systemd/man/latest/os-release.html */
export function parseOsRelease(text: string): OperatingSystem | undefined {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) values.set(line.slice(0, equals).trim(), unquoted(line.slice(equals + 1)));
  }
  const id = values.get('ID')?.toLowerCase();
  if (!id) return undefined;
  const versionId = values.get('VERSION_ID');
  const name = values.get('PRETTY_NAME') ?? [id, versionId].filter(Boolean).join(' ');
  return { id, ...(versionId && { versionId }), name };
}

function unquoted(value: string): string {
  const trimmed = value.trim();
  const [, , inner] = /^(["'])(.*)\1$/.exec(trimmed) ?? [];
  return inner === undefined ? trimmed : inner.replaceAll(/\\([$"'\\`])/g, '$1');
}

/**
 * The ecosystem of OSV that has the advisories of an operating system: `Debian:12`, `Alpine:v3.20`.
 * https://ossf.github.io/osv-schema/#defined-ecosystems
 */
export function ecosystemOf({ id, versionId = '' }: OperatingSystem): string | undefined {
  const [, major, minor] = /^(\d+)(?:\.(\d+))?/.exec(versionId) ?? [];
  if (major === undefined) return undefined;
  if (id === 'debian') return `Debian:${major}`;
  if (id === 'alpine' && minor !== undefined) return `Alpine:v${major}.${minor}`;
  return undefined;
}
