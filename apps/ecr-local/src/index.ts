export { type Clock, systemClock } from './clock';
export { createEcrLocal, type EcrLocal, type EcrLocalOptions } from './create-ecr-local';
export { type EcrService } from './registry/ecr-service';
export { DataFolderError } from './storage/folder/data-folder';
export { DataFolderInUseError } from './storage/folder/folder-lock';
export { openFolderStorage } from './storage/folder/folder-storage';
export { createMemoryStorage } from './storage/memory/memory-storage';
export { type Storage } from './storage/storage';
export { type RunningEcrLocal, startEcrLocal, type StartOptions } from './testing';
