const everywhere = ['0.0.0.0', '::'];
const loopback = ['127.0.0.1', '::1', 'localhost'];

/** How a client on this machine writes the address that the server listens on. */
export function clientAddress(listeningOn: string): string {
  if (everywhere.includes(listeningOn)) return '127.0.0.1';
  return listeningOn.includes(':') ? `[${listeningOn}]` : listeningOn;
}

export const isLoopback = (listeningOn: string): boolean => loopback.includes(listeningOn);
