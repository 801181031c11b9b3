import { type Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type LayerToScan, type Scanner, type ScanOutcome, type ScanType } from './scanner';
import { type FromWorker, type ScanWorkerData, type ToWorker } from './worker-messages';

/** A worker that has nothing to do ends, and frees the memory of the advisories. */
const idleMs = 60_000;
/** Far longer than the largest image takes. */
const scanLimitMs = 15 * 60_000;
/** For all advisories of npm, which are the most. */
const memoryMb = 4_096;

/**
 * Scans in a worker thread, so that requests do not wait while large files are parsed.
 *
 * @param program what the worker runs: it calls `runScanWorker`
 * @param advisories a folder or an archive
 */
export function createWorkerScanner(program: string, advisories: string): Scanner {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const stop = async () => {
    clearTimeout(idle);
    const stopped = worker;
    worker = undefined;
    await stopped?.terminate();
  };
  const scan = async (layers: readonly LayerToScan[], scanType: ScanType) => {
    clearTimeout(idle);
    const data: ScanWorkerData = { role: 'scan-images', advisories };
    worker ??= new Worker(program, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    });
    worker.ref();
    const outcome = await scanIn(worker, layers, scanType);
    if (!outcome.isUsable) await stop();
    worker?.unref();
    idle = setTimeout(() => void stop(), idleMs).unref();
    return outcome.outcome;
  };
  return {
    scan: (layers, scanType) => {
      const scanned = last.then(() => scan(layers, scanType));
      last = scanned.catch(() => undefined);
      return scanned;
    },
    close: stop,
  };
}

interface WorkerOutcome {
  readonly outcome: ScanOutcome;
  /** Whether the worker can scan the next image. */
  readonly isUsable: boolean;
}

function scanIn(
  worker: Worker,
  layers: readonly LayerToScan[],
  scanType: ScanType,
): Promise<WorkerOutcome> {
  const send = (message: ToWorker) => worker.postMessage(message);
  const sources = new Map<number, Promise<Source>>();
  const sourceOf = (layer: number): Promise<Source> => {
    const source = sources.get(layer) ?? openSource(layers[layer]);
    sources.set(layer, source);
    return source;
  };
  const pass = async (layer: number) => {
    try {
      const { value, done } = await (await sourceOf(layer)).bytes.next();
      send(done ? { kind: 'bytes', layer } : { kind: 'bytes', layer, bytes: value as Uint8Array });
    } catch (error) {
      send({ kind: 'unreadable', layer, reason: (error as Error).message });
    }
  };
  return new Promise<WorkerOutcome>((resolve) => {
    const end = (outcome: WorkerOutcome) => {
      clearTimeout(limit);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      for (const source of sources.values()) {
        source.then(({ stream }) => stream.destroy()).catch(() => undefined);
      }
      resolve(outcome);
    };
    const fail = (reason: string) =>
      end({ outcome: { status: 'failed', reason }, isUsable: false });
    const onMessage = (message: FromWorker) => {
      if (message.kind === 'outcome') end({ outcome: message.outcome, isUsable: true });
      else void pass(message.layer);
    };
    const onError = (error: Error) => fail(`the scanner failed: ${error.message}`);
    const onExit = () => fail('the scanner was stopped');
    const limit = setTimeout(
      () => fail(`the scan took longer than ${scanLimitMs / 60_000} minutes`),
      scanLimitMs,
    );
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const named = layers.map(({ digest, mediaType }) => ({ digest, mediaType }));
    send({ kind: 'scan', scanType, layers: named });
  });
}

interface Source {
  readonly stream: Readable;
  readonly bytes: AsyncIterator<unknown>;
}

async function openSource(layer: LayerToScan | undefined): Promise<Source> {
  if (!layer) throw new Error('there is no such layer');
  const stream = await layer.open();
  return { stream, bytes: stream[Symbol.asyncIterator]() };
}
