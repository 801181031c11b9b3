export { printable } from './printable';
export { type ProgressReporter, reportProgressTo } from './progress-reporter';
export { byteSize, byteGrowth, grid, megabytes, type Report, table } from './report';
