import { bytesOf, followLinks, type FileSource } from './file-source';
import { type Owner } from './file-tree';

/**
 * The owner that `--chown` or USER names: `user` or `user:group`, by name or number. As in BuildKit, a name that the image does
 * not know means root, and a user by number without a group has the group of that number.
 */
export async function findOwner(files: FileSource, text: string): Promise<Owner> {
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const number = numberOf(user);
  const owner = number === undefined ? await findUser(files, user) : { uid: number, gid: number };
  if (colon < 0) return owner;
  const group = text.slice(colon + 1);
  const gid = numberOf(group) ?? (await findGroup(files, group));
  return gid === undefined ? owner : { ...owner, gid };
}

function numberOf(text: string): number | undefined {
  if (text === 'root' || text === '') return 0;
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

async function findUser(files: FileSource, name: string): Promise<Owner> {
  const [, , uid, gid] = (await recordOf(files, '/etc/passwd', name)) ?? [];
  return { uid: Number(uid ?? 0), gid: Number(gid ?? 0) };
}

async function findGroup(files: FileSource, name: string): Promise<number | undefined> {
  const record = await recordOf(files, '/etc/group', name);
  return record && Number(record[2]);
}

/** The fields of the line that starts with this name. */
async function recordOf(
  files: FileSource,
  file: string,
  name: string,
): Promise<string[] | undefined> {
  const entry = await files.entry(await followLinks(files, file));
  if (entry?.type !== 'file') return undefined;
  const lines = Buffer.from(await entry.read())
    .toString('latin1')
    .split('\n');
  return lines.map((line) => line.trim().split(':')).find(([first]) => first === bytesOf(name));
}
