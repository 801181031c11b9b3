/** Why an image or an advisory cannot be read. The message completes a sentence. */
export class ScanError extends Error {
  override readonly name = 'ScanError';
}
