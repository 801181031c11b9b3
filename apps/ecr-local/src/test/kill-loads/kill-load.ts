import { type ServerProcess } from '../server-process';

/** One life of the server. */
export interface Life extends ServerProcess {
  /** fetch with a token; the path starts with /v2/. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

/** What clients do while the server is killed, and what has to be true when it runs again. */
export interface KillLoad {
  prepare(life: Life): Promise<void>;
  /** Each is repeated until the server is killed. A name is different in each call. */
  tasks(life: Life, name: (kind: string) => string): readonly (() => Promise<unknown>)[];
  /** How many changes the server has acknowledged. */
  acknowledged(): number;
  /** Nothing that was acknowledged is lost or back again, and everything that is there is whole. */
  check(life: Life): Promise<void>;
  /** What was done, for the report. */
  summary(): string;
}

/** What was acknowledged, or requested and never answered. */
export type Fate = 'making' | 'made' | 'deleting' | 'deleted';

/** The fates of what a load has made, by name, in the order in which it was made. */
export class Fates {
  private readonly fates = new Map<string, Fate>();

  get size(): number {
    return this.fates.size;
  }

  withFate(...of: readonly Fate[]): string[] {
    return [...this.fates].flatMap(([name, fate]) => (of.includes(fate) ? [name] : []));
  }

  get acknowledged(): number {
    return this.withFate('made', 'deleting', 'deleted').length;
  }

  async make(name: string, request: () => Promise<unknown>): Promise<void> {
    this.fates.set(name, 'making');
    await request();
    this.fates.set(name, 'made');
  }

  async delete(name: string, request: () => Promise<unknown>): Promise<void> {
    this.fates.set(name, 'deleting');
    await request();
    this.fates.set(name, 'deleted');
  }

  /** Compares them with what is present; what was never answered may be either, and is so from now on. */
  settle(present: readonly string[]): void {
    const isPresent = new Set(present);
    expect(this.withFate('made').filter((name) => !isPresent.has(name))).toEqual([]);
    expect(this.withFate('deleted').filter((name) => isPresent.has(name))).toEqual([]);
    for (const name of this.withFate('making', 'deleting')) {
      this.fates.set(name, isPresent.has(name) ? 'made' : 'deleted');
    }
  }
}
