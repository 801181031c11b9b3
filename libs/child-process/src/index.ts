export {
  CommandError,
  type CommandOptions,
  type CommandResult,
  lastLines,
  runCommand,
  streamCommand,
  type Variables,
} from './command';
