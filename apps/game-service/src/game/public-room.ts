import { type RoomSettings } from '@typerush/contracts';

/** What quick match creates if no room is open. */
export const publicRoom: RoomSettings = {
  seats: 4,
  isPublic: true,
  game: { mode: 'type-race', list: 'english-1k', words: 25, punctuation: false, numbers: false },
};
