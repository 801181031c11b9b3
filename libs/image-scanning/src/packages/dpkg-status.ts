import { type ListedPackage } from './installed-package';
import { paragraphs } from './paragraphs';

/**
 * The installed packages of `var/lib/dpkg/status`, or of a file in `status.d`, which distroless images have instead.
 * https://man7.org/linux/man-pages/man5/deb-control.5.html
 */
export function* parseDpkgStatus(text: string): Generator<ListedPackage> {
  for (const fields of paragraphs(text)) {
    const [name, version] = [fields.get('Package'), fields.get('Version')];
    if (!name || !version || !isInstalled(fields.get('Status'))) continue;
    const architecture = fields.get('Architecture');
    yield {
      type: 'deb',
      name,
      version,
      ...(architecture && { architecture }),
      source: sourceOf(fields.get('Source'), { name, version }),
    };
  }
}

/** `install ok installed`; a file in `status.d` has no status. */
const isInstalled = (status: string | undefined) =>
  status === undefined || status.split(/\s+/)[2] === 'installed';

/** `glibc`, or `gcc-12 (12.2.0-14)` if the version of the source is another one. */
function sourceOf(field: string | undefined, own: { name: string; version: string }) {
  const [, name = own.name, version = own.version] =
    /^(\S+)(?:\s+\(([^)]+)\))?$/.exec(field ?? '') ?? [];
  return { name, version };
}
