/** One connection to PostgreSQL, embedded or not: what a session-level lock needs and a pool cannot give. */
export interface SqlSession {
  /** Runs one statement with `$1`-style parameters and returns its rows. */
  query<Row>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Runs a script of any number of statements. */
  script(sql: string): Promise<void>;
}
