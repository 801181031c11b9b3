import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** One large write takes as long as several small ones, and the source is read meanwhile. */
const writeBytes = 1024 * 1024;
/** Below the limit of a system call (IOV_MAX). */
const writeChunks = 512;
/** The disk is kept busy while the rest arrives, so that the last flush has little left to do. */
const flushBytes = 16 * 1024 * 1024;

/**
 * Writes all that the source has to the end of an existing file, and flushes it. What arrived before the source failed
 * is written too. For no bytes the file is not even opened.
 *
 * @param onWritten gets each chunk once it is in the file, in their order
 */
export async function appendToFile(
  file: string,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onWritten: (chunk: Uint8Array) => void,
): Promise<void> {
  let appender: Appender | undefined;
  try {
    try {
      for await (const chunk of source) {
        if (chunk.length === 0) continue;
        appender ??= new Appender(
          await open(file, constants.O_WRONLY | constants.O_APPEND),
          onWritten,
        );
        await appender.add(chunk);
      }
    } finally {
      await appender?.finish();
    }
  } finally {
    await appender?.close();
  }
}

/** Collects chunks; one write, and one flush, run at a time while others are collected. */
class Appender {
  private chunks: Uint8Array[] = [];
  private bytes = 0;
  private unflushed = 0;
  private writing = Promise.resolve();
  private flushing = Promise.resolve();

  constructor(
    private readonly handle: FileHandle,
    private readonly onWritten: (chunk: Uint8Array) => void,
  ) {}

  async add(chunk: Uint8Array): Promise<void> {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    if (this.bytes >= writeBytes || this.chunks.length >= writeChunks) await this.write();
  }

  /** Everything is durable then. */
  async finish(): Promise<void> {
    if (this.chunks.length > 0) await this.write();
    await this.writing;
    // A failure to flush is reported once, to the call during which it happens.
    await this.flushing;
    await this.handle.datasync();
  }

  async close(): Promise<void> {
    // After a failure they may still be running.
    await Promise.allSettled([this.writing, this.flushing]);
    await this.handle.close();
  }

  private async write(): Promise<void> {
    await this.writing;
    this.unflushed += this.bytes;
    this.writing = this.writeAll(this.chunks, this.bytes);
    // It is awaited before the next one.
    this.writing.catch(() => undefined);
    this.chunks = [];
    this.bytes = 0;
    if (this.unflushed >= flushBytes) this.flush();
  }

  private flush(): void {
    this.unflushed = 0;
    const { writing } = this;
    this.flushing = this.flushing.then(() => writing).then(() => this.handle.datasync());
    this.flushing.catch(() => undefined);
  }

  private async writeAll(chunks: readonly Uint8Array[], bytes: number): Promise<void> {
    const { bytesWritten } = await this.handle.writev(chunks);
    // A disk that is almost full takes a part.
    if (bytesWritten < bytes) {
      await this.handle.appendFile(Buffer.concat(chunks).subarray(bytesWritten));
    }
    for (const chunk of chunks) this.onWritten(chunk);
  }
}
