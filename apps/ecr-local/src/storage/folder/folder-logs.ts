import { readFileSync } from 'node:fs';
import { constants, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type LogStore, type StoredLog } from '../log-store';
import {
  ensureFolder,
  removeDurably,
  removeTemporaries,
  writeDurably,
} from '@typerush/service-kit';
import { isMissing, undefinedWhenMissing } from './missing-file';

const extension = '.log';

/**
 * One file per log, `<root>/<key>.log`. A line is what one `append` wrote: a JSON array of records after its CRC-32 and its
 * length in bytes, each as eight hex digits and a space. A line is flushed before the next is begun, so that a kill or a power cut can tear
 * the last one only, which was never acknowledged.
 *
 * @param onTorn gets the file, and how many bytes were left out because they are not a whole line
 */
export function createFolderLogs(
  root: string,
  onTorn: (file: string, bytes: number) => void,
): LogStore {
  /** The length of what was acknowledged; a failed append may have left more in the file. */
  const lengths = new Map<string, number>();
  const torn = new Set<string>();
  const fileOf = (key: string) => {
    if (!/^[a-z0-9-]+$/.test(key)) throw new Error(`'${key}' cannot name a log.`);
    return join(root, key + extension);
  };

  const load = (key: string): StoredLog => {
    const source = fileOf(key);
    // One call instead of four through the thread pool; nothing is served while the logs are read.
    const bytes = readFileSync(source);
    const { records, length } = readLines(bytes, source);
    lengths.set(key, length);
    if (length < bytes.length) {
      torn.add(key);
      onTorn(source, bytes.length - length);
    }
    return { key, records, source };
  };

  const append = async (key: string, line: string) => {
    const length = lengths.get(key);
    if (length === undefined) throw new Error(`There is no log ${key}.`);
    const handle = await open(fileOf(key), constants.O_WRONLY | constants.O_APPEND);
    try {
      if (torn.has(key)) await handle.truncate(length);
      torn.add(key);
      await handle.appendFile(line);
      await handle.datasync();
      torn.delete(key);
      lengths.set(key, length + Buffer.byteLength(line));
    } catch (error) {
      // Frees the space at once; if even this fails, the next append begins with it.
      await handle.truncate(length).catch(() => undefined);
      throw error;
    } finally {
      await handle.close();
    }
  };

  return {
    load: async () => {
      const names = (await readdir(root).catch(undefinedWhenMissing)) ?? [];
      const keys = names.flatMap((name) => /^([a-z0-9-]+)\.log$/.exec(name)?.[1] ?? []);
      return keys.map(load);
    },
    append: (key, records) => append(key, lineOf(records)),
    replace: async (key, batches) => {
      await ensureFolder(root);
      const length = await writeDurably(fileOf(key), lines(batches));
      lengths.set(key, length);
      torn.delete(key);
    },
    delete: async (key) => {
      await removeDurably(fileOf(key)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
      lengths.delete(key);
      torn.delete(key);
    },
    sweep: async () => {
      if ((await readdir(root).catch(undefinedWhenMissing)) !== undefined) {
        await removeTemporaries(root);
      }
    },
  };
}

const hex = (number: number): string => number.toString(16).padStart(8, '0');
const headerLength = 18;

function lineOf(records: readonly unknown[]): string {
  const json = JSON.stringify(records);
  return `${hex(crc32(json))} ${hex(Buffer.byteLength(json))} ${json}\n`;
}

function* lines(batches: Iterable<readonly unknown[]>): Iterable<string> {
  for (const records of batches) yield lineOf(records);
}

/** Only the end of a file may be torn: an invalid line before a valid one is damage, and nothing is guessed about it. */
function readLines(bytes: Buffer, source: string): { records: unknown[]; length: number } {
  const records: unknown[] = [];
  let length = 0;
  for (let start = 0; start < bytes.length;) {
    const json = jsonAt(bytes, start);
    const end = json && start + headerLength + json.length;
    if (json && end !== undefined && end < bytes.length) {
      if (length < start || bytes[end] !== 0x0a) {
        throw new Error(
          `${source} is damaged at byte ${length}. Restore it, or start with another data folder.`,
        );
      }
      for (const record of JSON.parse(json.toString()) as unknown[]) records.push(record);
      length = end + 1;
      start = length;
    } else {
      const newline = bytes.indexOf('\n', start);
      start = newline < 0 ? bytes.length : newline + 1;
    }
  }
  return { records, length };
}

/** What is in the line that starts there, if it is whole but for its end. */
function jsonAt(bytes: Buffer, start: number): Buffer | undefined {
  const header = bytes.toString('latin1', start, start + headerLength);
  const [, checksum, size] = /^([0-9a-f]{8}) ([0-9a-f]{8}) $/.exec(header) ?? [];
  if (checksum === undefined || size === undefined) return undefined;
  const json = bytes.subarray(start + headerLength, start + headerLength + parseInt(size, 16));
  return json.length === parseInt(size, 16) && hex(crc32(json)) === checksum ? json : undefined;
}
