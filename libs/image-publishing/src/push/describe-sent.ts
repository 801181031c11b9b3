import { byteSize } from '@typerush/terminal-output';
import { type Sent } from './push-to-destinations';

/** `1 uploaded (0.2 MB), 4 present`; nothing is uploaded if the image was present. */
export function describeSent(sent: Sent): string {
  const { uploadedLayers, mountedLayers, presentLayers, uploadedBytes } = sent;
  if (uploadedBytes === 0 && mountedLayers === 0) return 'nothing to upload';
  return [
    `${uploadedLayers} uploaded (${byteSize(uploadedBytes)})`,
    ...(mountedLayers > 0 ? [`${mountedLayers} mounted`] : []),
    `${presentLayers} present`,
  ].join(', ');
}
