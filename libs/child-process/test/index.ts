export { installFake } from './fake-client';
