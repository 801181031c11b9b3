export {
  CommandError,
  type CommandOptions,
  type CommandResult,
  lastLines,
  runCommand,
  streamCommand,
} from './command';
