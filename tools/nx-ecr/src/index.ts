export { createNodes } from './plugin';
