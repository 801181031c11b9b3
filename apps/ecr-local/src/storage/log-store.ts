/** A log and what was appended to it, in that order. */
export interface StoredLog {
  readonly key: string;
  readonly records: readonly unknown[];
  /** Where it is kept, for messages. */
  readonly source: string;
}

/**
 * Logs of JSON records, by key (`[a-z0-9-]+`). What `append`, `replace` and `delete` have resolved is durable, and
 * `append` costs the same however long the log is. The caller makes the calls for one log one after another.
 */
export interface LogStore {
  /** Every log. For the start. */
  load(): Promise<StoredLog[]>;
  /** Adds all the records or, if it fails, none. The log must exist. */
  append(key: string, records: readonly unknown[]): Promise<void>;
  /** Creates the log, or puts these records in the place of its own in one step. */
  replace(key: string, batches: Iterable<readonly unknown[]>): Promise<void>;
  delete(key: string): Promise<void>;
  /** Removes what a kill left half written. For the start, once everything stored has been read. */
  sweep(): Promise<void>;
}
