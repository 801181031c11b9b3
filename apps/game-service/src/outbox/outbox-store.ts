import { ServiceError } from '@typerush/service-kit';

/** A result that waits. */
export interface StoredEntry {
  readonly name: string;
  /** In ms since 1970. */
  readonly addedAt: number;
}

/** Where results wait until record-service has them. */
export interface OutboxStore {
  /** Whether entries survive the process. */
  readonly isDurable: boolean;
  /** Resolves when the entry is safe. One of this name stays as it is. @throws ServiceError OUTBOX_FULL */
  add(name: string, content: string): Promise<void>;
  /** Also the entries of other processes that use the same store. */
  list(): Promise<StoredEntry[]>;
  /** Undefined if it is gone. */
  read(name: string): Promise<string | undefined>;
  remove(name: string): Promise<void>;
  /** Keeps an entry apart, with the reason why it is not sent any more. */
  setAside(name: string, reason: string): Promise<void>;
  /**
   * Makes this process the only sender. False while another process is.
   *
   * @param onLost Another process has become the sender, because this one was suspended for too long.
   */
  claim(onLost: () => void): Promise<boolean>;
  /** Lets another process become the sender. */
  release(): Promise<void>;
}

export function outboxFull(limitBytes: number): ServiceError {
  return new ServiceError(
    'OUTBOX_FULL',
    `The outbox has reached OUTBOX_LIMIT_MB (${limitBytes / 1_000_000} MB). The result was not kept. ` +
      'Fix: make record-service reachable, remove results that were set aside, or raise the limit.',
  );
}
