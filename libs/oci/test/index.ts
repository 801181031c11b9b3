export { MemoryRegistry, password } from './memory-registry';
export { pushImage, type PushImageRequest } from './push-image';
export { imageContents, type Contents } from './image-contents';
export { canonicalRunConfig } from '../src/image/image-config';
