export interface TestDatabase {
  readonly name: string;
  /** With user and password. */
  readonly url: string;
  drop(): Promise<void>;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** A superuser. */
  readonly user: string;
  readonly password: string;
  /** For `?host=/…`; holds the server's unix socket. */
  readonly socketDirectory: string;
  /** Of the database `postgres`, with user and password. */
  readonly url: string;
}

export interface TestServer extends ServerAddress {
  createDatabase(): Promise<TestDatabase>;
  /** `immediate` is a crash: sessions are cut off and the next start recovers. */
  stop(mode?: "smart" | "fast" | "immediate"): Promise<void>;
  /** Starts it again with the same data on the same port. */
  start(): Promise<void>;
  /** Stops it and removes its data. */
  dispose(): Promise<void>;
}

/** A new empty database on the server that a test run shares. */
export declare function createTestDatabase(): Promise<TestDatabase>;
/** A server of one's own, with settings of `postgresql.conf`. Takes about a second. */
export declare function startServer(options?: {
  readonly settings?: Readonly<Record<string, string>>;
}): Promise<TestServer>;
/** The server that a test run shares, started by the first who asks. */
export declare function sharedServer(): Promise<ServerAddress>;
/** For the start of a run of several processes; starts nothing. */
export declare function prepareSharedServer(): Promise<void>;
/** For the end of such a run, or of a single process that has asked for databases. */
export declare function stopSharedServer(): Promise<void>;
