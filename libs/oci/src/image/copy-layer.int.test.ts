import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from '../../test/temporary-folder';
import { readFinalStage } from '../dockerfile/final-stage';
import { decodeHeader, padding } from '../layer/tar-header';
import { copyLayer } from './copy-layer';

const folder = temporaryFolder();
beforeAll(async () => {
  await mkdir(path.join(folder(), 'empty'));
  await mkdir(path.join(folder(), 'full'));
  await writeFile(path.join(folder(), 'full/file'), 'x');
});

/** Owner and name of each entry of the layer that the last COPY makes. */
async function entriesOf(...copies: string[]): Promise<string[]> {
  const text = ['FROM node:1 AS build', 'FROM node:1', 'WORKDIR /app', ...copies].join('\n');
  const stage = readFinalStage(text);
  const copy = stage.copies.at(-1);
  if (!copy) throw new Error('there is a COPY');
  const tar = gunzipSync((await copyLayer(copy, stage, { build: { root: folder() } })).bytes);
  const entries = [];
  for (let at = 0; ;) {
    const header = decodeHeader(tar.subarray(at, at + 512));
    if (!header) return entries;
    entries.push(`${header.uid}:${header.gid} ${header.name}`);
    at += 512 + header.size + padding(header.size);
  }
}

it('copies an empty folder', async () => {
  expect(await entriesOf('COPY --from=build /empty/ ./public/')).toEqual([
    '0:0 app/',
    '0:0 app/public/',
  ]);
});

it('sets its owner only on the folders that it creates', async () => {
  const first = 'COPY --from=build /full/ ./a/';
  expect(await entriesOf(first, 'COPY --from=build --chown=7:8 /full/ ./a/b/c/')).toEqual([
    '0:0 app/',
    '0:0 app/a/',
    '7:8 app/a/b/',
    '7:8 app/a/b/c/',
    '7:8 app/a/b/c/file',
  ]);
});

it('does not change the folders of base images', async () => {
  expect(await entriesOf('COPY --from=build --chown=7:8 /full/ /usr/local/bin/')).toEqual([
    '0:0 app/',
    '7:8 usr/local/bin/file',
  ]);
});
