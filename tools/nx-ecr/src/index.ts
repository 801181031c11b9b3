export { createNodes } from './plugin';
export { preTasksExecution } from './requested-configuration';
