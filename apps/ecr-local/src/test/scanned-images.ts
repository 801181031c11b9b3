import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  dpkgStatus,
  layerOf,
  layerType,
  osRelease,
  sampleAdvisory,
} from '@typerush/image-scanning/testing';
import { loadAdvisories, scanLayers } from '../scanning/scan-layers';
import { type Scanner } from '../scanning/scanner';
import { digestOf } from '../storage/digest';
import { descriptorOf, imageType, pushBlob, putManifest, sampleBlob } from './sample-images';

type Send = Parameters<typeof pushBlob>[0];

/** Scans in this thread. */
export const scannerIn = (advisories: string): Scanner => ({
  scan: (layers, scanType) => scanLayers(layers, scanType, () => loadAdvisories(advisories)),
  close: () => Promise.resolve(),
});

/** A Debian 12 with openssl and zlib, and ws of npm. */
export const debianFiles = (text = '') => ({
  'etc/os-release': osRelease('debian', '12'),
  'var/lib/dpkg/status': dpkgStatus(
    ['libssl3', '3.0.11-1~deb12u2', 'openssl'],
    ['openssl', '3.0.11-1~deb12u2'],
    ['zlib1g', '1:1.2.13.dfsg-1', 'zlib'],
  ),
  'app/node_modules/ws/package.json': JSON.stringify({ name: 'ws', version: '8.17.0' }),
  text,
});

export const debianAdvisories = [
  sampleAdvisory({
    id: 'DEBIAN-CVE-2026-0001',
    ecosystem: 'Debian:12',
    package: 'openssl',
    events: [{ introduced: '0' }, { fixed: '3.0.13-1~deb12u1' }],
    further: {
      upstream: ['CVE-2026-0001'],
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    },
  }),
  sampleAdvisory({
    id: 'CVE-2026-0002',
    ecosystem: 'Debian:12',
    package: 'zlib',
    affected: { ecosystem_specific: { urgency: 'low' } },
  }),
  sampleAdvisory({
    id: 'GHSA-aaaa-bbbb-cccc',
    ecosystem: 'npm',
    package: 'ws',
    events: [{ introduced: '8.0.0' }, { fixed: '8.17.1' }],
    further: { aliases: ['CVE-2026-0003'], database_specific: { severity: 'HIGH' } },
  }),
];

export async function writeAdvisories(
  folder: string,
  advisories: readonly { readonly id: string }[] = debianAdvisories,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const advisory of advisories) {
    await writeFile(join(folder, `${advisory.id}.json`), JSON.stringify(advisory));
  }
  return folder;
}

/** Pushes an image with these files as docker does, and answers its digest. */
export const pushFiles = async (
  send: Send,
  name: string,
  tag: string,
  files: Parameters<typeof layerOf>[0],
): Promise<string> => pushLayer(send, name, tag, await layerOf(files));

/** The image of a layer and a tag is always the same. */
export async function pushLayer(
  send: Send,
  name: string,
  tag: string,
  bytes: Buffer,
): Promise<string> {
  const layer = { bytes, digest: digestOf(bytes) };
  const config = sampleBlob(JSON.stringify({ architecture: 'amd64', os: 'linux', tag }));
  const manifest = sampleBlob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: imageType,
      config: descriptorOf(config, 'application/vnd.oci.image.config.v1+json'),
      layers: [descriptorOf(layer, layerType)],
    }),
  );
  for (const blob of [config, layer]) await pushBlob(send, name, blob);
  const response = await putManifest(send, name, tag, manifest);
  if (response.status !== 201) throw new Error(await response.text());
  return manifest.digest;
}
