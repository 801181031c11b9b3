export { type ProgressReporter, reportProgressTo } from './progress-reporter';
export { byteSize, grid, megabytes, type Report, table } from './report';
