import { describeStorage } from '../test/storage-conformance';
import { createMemoryStorage } from './memory-storage';

describe('the storage in memory', () => {
  describeStorage(() => Promise.resolve(createMemoryStorage()));
});
