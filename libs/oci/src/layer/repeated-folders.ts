import { encodeHeader, TAR_TYPE, type TarHeader } from './tar-header';

/**
 * Without the layers of which all entries are folders that the next layer repeats: some engines write such a layer for a WORKDIR.
 * @returns undefined for each such layer
 */
export function withoutRepeatedFolders<T extends { readonly entries: readonly TarHeader[] }>(
  layers: readonly T[],
): readonly (T | undefined)[] {
  return layers.map((layer, index) => {
    const next = new Map(layers[index + 1]?.entries.map((entry) => [entry.name, entry]));
    const repeated = layer.entries.every((entry) => {
      const other = next.get(entry.name);
      return entry.type === TAR_TYPE.directory && other && sameHeader(entry, other);
    });
    return repeated ? undefined : layer;
  });
}

const sameHeader = (a: TarHeader, b: TarHeader) => encodeHeader(a).equals(encodeHeader(b));
