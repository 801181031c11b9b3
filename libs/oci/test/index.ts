export { MemoryRegistry, password } from './memory-registry';
