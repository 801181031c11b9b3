import { Readable } from 'node:stream';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { type AdvisoryIndex } from '@typerush/image-scanning';
import { loadAdvisories, scanLayers } from './scan-layers';
import { type FromWorker, type ScanWorkerData, type ToWorker } from './worker-messages';

/** Whether this thread was started to scan images. */
export const isScanWorker = (): boolean =>
  !isMainThread && (workerData as Partial<ScanWorkerData> | null)?.role === 'scan-images';

/** Scans the images that the main thread passes on, one after another, and asks it for each piece of a layer. */
export function runScanWorker(): void {
  const port = parentPort;
  if (!port) throw new Error('The scan worker was not started as a thread.');
  const send = (message: FromWorker) => port.postMessage(message);
  const { advisories: location } = workerData as ScanWorkerData;
  let loading: Promise<AdvisoryIndex> | undefined;
  // The next scan reads them again after a failure.
  const advisories = () =>
    (loading ??= loadAdvisories(location).catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
  let streams: Readable[] = [];
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'bytes') {
      streams[message.layer]?.push(message.bytes ?? null);
    } else if (message.kind === 'unreadable') {
      streams[message.layer]?.destroy(new Error(message.reason));
    } else {
      streams = [];
      const layers = message.layers.map((layer, at) => ({
        ...layer,
        open: async () => {
          const stream = new Readable({ read: () => send({ kind: 'read', layer: at }) });
          streams[at] = stream;
          return stream;
        },
      }));
      void scanLayers(layers, message.scanType, advisories).then((outcome) =>
        send({ kind: 'outcome', outcome }),
      );
    }
  });
}
