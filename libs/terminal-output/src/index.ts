export { printable } from './printable';
export { type ProgressReporter, reportProgressTo } from './progress-reporter';
export { byteSize, byteGrowth, grid, megabytes, type Report, type Row, table } from './report';
