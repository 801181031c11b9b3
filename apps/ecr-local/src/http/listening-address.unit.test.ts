import { clientAddress, isLoopback } from './listening-address';

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1', true],
    ['localhost', 'localhost', true],
    ['::1', '[::1]', true],
    ['0.0.0.0', '127.0.0.1', false],
    ['::', '127.0.0.1', false],
    ['192.168.1.5', '192.168.1.5', false],
  ])('%s is called as %s', (listeningOn, called, loopback) => {
    expect(clientAddress(listeningOn)).toBe(called);
    expect(isLoopback(listeningOn)).toBe(loopback);
  });
});
