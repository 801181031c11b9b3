export { type App, type AppDependencies, createApp } from './app';
export { type Config, configSchema } from './config';
export { SessionTokens, type SessionTokensOptions } from './sessions/session-tokens';
