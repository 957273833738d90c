import type { PGlite } from "@electric-sql/pglite";

/** Why no database can be dumped here; `null` when one can. For the names of tests that are skipped. */
export declare function whyNoDump(): Promise<string | null>;

/**
 * The schema of a database on a server, as `pg_dump --schema-only --no-owner --no-privileges` writes it. Blocks the
 * thread when the program is the one from npm, which reads every server from 9.2 to its own major.
 */
export declare function dumpServer(url: string): Promise<string>;

/** The same of a PGlite instance. Its session's `search_path` is kept, its prepared statements are not. */
export declare function dumpPglite(pglite: PGlite): Promise<string>;
