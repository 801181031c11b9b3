import { type ListedPackage } from './installed-package';
import { paragraphs } from './paragraphs';

/**
 * The packages of `lib/apk/db/installed`: P is the name, V the version, A the architecture, o the source package.
 * https://wiki.alpinelinux.org/wiki/Apk_spec#Install_DB
 */
export function* parseApkInstalled(text: string): Generator<ListedPackage> {
  for (const fields of paragraphs(text)) {
    const [name, version] = [fields.get('P'), fields.get('V')];
    if (!name || !version) continue;
    const architecture = fields.get('A');
    yield {
      type: 'apk',
      name,
      version,
      ...(architecture && { architecture }),
      source: { name: fields.get('o') || name, version },
    };
  }
}
