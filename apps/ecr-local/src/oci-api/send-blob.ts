import { type ServerResponse } from 'node:http';
import { type ByteRange, type OpenBlob } from '../storage/blob-store';

const bufferBytes = 512 * 1024;

/**
 * Sends these bytes of the blob and ends the response. Two buffers take turns, one being read while the other is sent:
 * large enough that few calls are needed, and no garbage that grows with the blob.
 *
 * @throws Error if the client has gone, or the file has become shorter
 */
export async function sendBlob(
  response: ServerResponse,
  blob: Pick<OpenBlob, 'readInto'>,
  { start, end }: ByteRange,
): Promise<void> {
  const size = Math.min(bufferBytes, end + 1 - start);
  let buffer = Buffer.allocUnsafeSlow(size);
  let other = end + 1 - start > size ? Buffer.allocUnsafeSlow(size) : buffer;
  let sending = Promise.resolve();
  for (let position = start; position <= end; position += buffer.length) {
    [buffer, other] = [other, buffer];
    const part = buffer.subarray(0, Math.min(buffer.length, end + 1 - position));
    const read = await blob.readInto(part, position);
    if (read < part.length) throw new Error('the file of a blob has become shorter');
    await sending;
    sending = send(response, part);
    // It is awaited before its buffer is used again.
    sending.catch(() => undefined);
  }
  await sending;
  response.end();
}

function send(response: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error('the client went away'));
    response.once('close', onClose);
    response.write(bytes, (error) => {
      response.off('close', onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}
