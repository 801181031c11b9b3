export { type App, type AppDependencies, createApp } from './app';
export { type Config, configSchema } from './config';
export { PracticeTickets } from './practice/practice-tickets';
export { SessionTokens, type SessionTokensOptions } from './sessions/session-tokens';
