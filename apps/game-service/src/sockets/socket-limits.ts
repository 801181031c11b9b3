import { type Rate } from './token-bucket';

/** A batch of 64 keystrokes has about 1 kB. */
export const maxMessageBytes = 8 * 1_024;

/** A player sends up to eight batches a second; anything over this is answered RATE_LIMITED. */
export const eventRate: Rate = { burst: 60, perSecond: 30 };

/** Packets of any kind, before they are even parsed; whoever sends more is no player and is cut off. */
export const packetRate: Rate = { burst: 300, perSecond: 100 };

/** How long a connection may take to present its token. */
export const handshakeMs = 5_000;
