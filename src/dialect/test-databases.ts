import type { Connection } from "./connection.js";
import type { ScratchOptions } from "./dialect.js";

/** What a test database is a copy of. */
export interface TestTemplate {
  /** Eight hexadecimal digits that tell the project from others on the same machine. */
  readonly project: string;
  /** The configuration file, for people, and to see whether the project is still there. */
  readonly config: string;
  /** Eight hexadecimal digits that are others as soon as anything is that the databases are made of. */
  readonly hash: string;
  /** Brings an empty database to where tests begin. */
  readonly build: (connection: Connection) => Promise<void>;
}

/** A database of its own for a test. */
export interface MadeDatabase {
  readonly name: string;
  /** With its password; `null` where only `client` leads there. */
  readonly url: string | null;
  /** Absolute path; `null` for what is not one file. */
  readonly file: string | null;
  /** The open database itself, for engines in this process; else `null`. */
  readonly client: unknown;
  /** A session for looking at it, which the caller closes. */
  connect(): Promise<Connection>;
  /** Removes it. Safe to call twice. */
  close(): Promise<void>;
}

/** A database that was made for tests, as it is found. */
export interface FoundDatabase {
  readonly name: string;
  /** `test`: of a process or kept · `template`: what these are copied from · `spare`: a copy made ahead. */
  readonly kind: "test" | "template" | "spare";
  /** `running`: its process is there · `gone`: it ended without removing it · `elsewhere`: of another machine ·
   * `kept`: made to stay until somebody drops it, as templates and spares are, too. */
  readonly owner: "running" | "gone" | "elsewhere" | "kept";
  readonly pid: number | null;
  readonly url: string | null;
  readonly bytes: number | null;
  readonly madeAt: string | null;
}

export interface CreateOptions {
  /** It stays until somebody drops it, instead of being gone with this process. */
  readonly keep: boolean;
}

/** Makes test databases in one place: on a server, in a folder, or in this process. */
export interface TestDatabases {
  /** For people: `localhost:5432`, a folder, `PGlite in memory`. */
  readonly place: string;
  /** A copy of the template, which is made first where it is missing. Leftovers are swept before. */
  create(template: TestTemplate, options: CreateOptions): Promise<MadeDatabase>;
  /** What is there, of all projects. */
  list(): Promise<readonly FoundDatabase[]>;
  /** Removes one that `list` names; an unknown name does nothing. */
  drop(name: string): Promise<void>;
  /** Ends the sessions of this place; the databases stay. */
  close(): Promise<void>;
}

/** What may happen to a database that is to be thrown away and made anew. */
export interface Disposal {
  /** Why it may be thrown away, or must not be. */
  readonly verdict: "local" | "scratch" | "refused";
  readonly reason: string;
  /** For people, without a password. */
  readonly target: string;
  /** Somebody else is connected. */
  readonly sessions: number;
  /** Removes it; with a template also puts a copy of that in its place. */
  dispose(template: TestTemplate | null): Promise<void>;
  close(): Promise<void>;
}

/** What an engine does for the tests of applications. */
export interface TestDialect {
  /**
   * Where test databases are made: at `options.url` when it is given, else beside the environment's database when that is
   * on this machine.
   *
   * @throws AludelError `scratch-unavailable` where there is no such place, and what connecting throws.
   */
  open(options: ScratchOptions): Promise<TestDatabases>;
  /** Looks at a database that somebody wants to be thrown away; `scratchUrl` is what the configuration names as such. */
  examine(url: string, options: ExamineOptions): Promise<Disposal>;
}

export interface ExamineOptions {
  readonly directory: string;
  readonly scratchUrl: string | null;
}
