import { type GuestSession } from '@typerush/contracts';
import { create } from 'zustand';
import { http } from '../app/http';
import { stored } from '../app/stored';

export type PlayerSession = GuestSession;

/** The contracts' schemas are too much for the first load of the page. */
export function isSession(value: unknown): value is PlayerSession {
  const session = (value ?? {}) as Record<keyof PlayerSession, unknown>;
  const texts = [session.token, session.playerId, session.name, session.expiresAt];
  return texts.every((text) => typeof text === 'string' && text !== '');
}

const shared = stored(() => localStorage, 'typerush.session', isSession);
/** Of a second player in one browser: only of this tab. */
const own = stored(() => sessionStorage, 'typerush.session', isSession);

export function isExpired({ expiresAt }: Pick<PlayerSession, 'expiresAt'>, now: number): boolean {
  return !(Date.parse(expiresAt) > now);
}

interface SessionState {
  readonly session: PlayerSession | undefined;
  /** The name of a session that is over, to continue with. */
  readonly expiredName: string | undefined;
}

function restore(): SessionState {
  const session = own.read() ?? shared.read();
  if (!session || !isExpired(session, Date.now())) return { session, expiredName: undefined };
  return { session: undefined, expiredName: session.name };
}

export const useSession = create<SessionState>(restore);

/** Makes a guest of this name. @throws RequestError */
export async function signIn(name: string, { onlyThisTab = false } = {}): Promise<PlayerSession> {
  const session = await http('/api/sessions', {
    method: 'POST',
    body: { name },
    read: (body) => (isSession(body) ? body : undefined),
  });
  (onlyThisTab || own.read() ? own : shared).write(session);
  useSession.setState({ session, expiredName: undefined });
  return session;
}

/** The server does not accept the session any more. */
export function sessionExpired(): void {
  const { session } = useSession.getState();
  useSession.setState({ session: undefined, expiredName: session?.name });
}

export function signOut(): void {
  own.write(undefined);
  shared.write(undefined);
  useSession.setState({ session: undefined, expiredName: undefined });
}

/** Refusals that end the session. */
export const endsSession = (code: string) =>
  code === 'SESSION_EXPIRED' || code === 'UNAUTHENTICATED';
