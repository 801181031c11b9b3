export { type App, type AppDependencies, createApp } from './app';
