import { type OutboxStore, outboxFull, type StoredEntry } from './outbox-store';

/** Results that end with the process: only if the operator chooses so. */
export class MemoryOutbox implements OutboxStore {
  readonly isDurable = false;
  private readonly entries = new Map<string, { content: string; addedAt: number }>();
  private bytes = 0;

  constructor(private readonly limitBytes: number) {}

  async add(name: string, content: string): Promise<void> {
    if (this.entries.has(name)) return;
    if (this.bytes + content.length > this.limitBytes) throw outboxFull(this.limitBytes);
    this.entries.set(name, { content, addedAt: Date.now() });
    this.bytes += content.length;
  }

  async list(): Promise<StoredEntry[]> {
    return [...this.entries].map(([name, { addedAt }]) => ({ name, addedAt }));
  }

  async read(name: string): Promise<string | undefined> {
    return this.entries.get(name)?.content;
  }

  async remove(name: string): Promise<void> {
    this.bytes -= this.entries.get(name)?.content.length ?? 0;
    this.entries.delete(name);
  }

  /** There is nowhere to keep it; the log has its name and the reason. */
  async setAside(name: string): Promise<void> {
    await this.remove(name);
  }

  async claim(): Promise<boolean> {
    return true;
  }

  async release(): Promise<void> {
    return undefined;
  }
}
