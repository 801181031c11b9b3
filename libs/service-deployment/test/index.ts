export { dockerTasks } from './docker-tasks';
export { FakeEcs, type Revision } from './fake-ecs';
export { type FakeTask, scriptedTasks, type TaskRunner } from './task-runner';
