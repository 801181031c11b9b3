export { MemoryRegistry, password } from './memory-registry';
export { pushImage, type PushImageRequest } from './push-image';
