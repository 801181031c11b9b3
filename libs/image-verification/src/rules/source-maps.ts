import { type ImageFile } from '../layers/image-file';

const inline = /[#@] sourceMappingURL=data:application\/json[^,\s]*?(;base64)?,(\S+)/g;

/** A map that carries the sources, in a file of its own or inside a script or style sheet. */
export function mapsWithSources({ path, content }: ImageFile): boolean {
  if (path.endsWith('.map')) return carriesSources(content.toString());
  if (!/\.([cm]?js|css)$/.test(path)) return false;
  for (const [, base64, data = ''] of content.toString().matchAll(inline)) {
    if (carriesSources(base64 ? Buffer.from(data, 'base64').toString() : unescaped(data)))
      return true;
  }
  return false;
}

function carriesSources(text: string): boolean {
  try {
    const { sourcesContent } = JSON.parse(text) as { sourcesContent?: unknown };
    return Array.isArray(sourcesContent) && sourcesContent.some((source) => Boolean(source));
  } catch {
    // No source map, whatever its name.
    return false;
  }
}

function unescaped(data: string): string {
  try {
    return decodeURIComponent(data);
  } catch {
    return data;
  }
}
