import type { Connection } from "./connection.js";
import type { Scratch } from "./dialect.js";

/** What a dump of a database is restored into. */
export interface RestoreOptions {
  /** Relative URLs start here. */
  readonly directory: string;
  readonly openScratch: () => Promise<Scratch>;
}

/** A throw-away database with what a dump has. */
export interface Restored extends Pick<Scratch, "description" | "dispose"> {
  readonly connection: Connection;
  /** How many statements were left out, which say who owns what and who may do what. */
  readonly leftOut: number;
}

/** How an engine's dumps become databases. */
export interface DumpDialect {
  /** @throws AludelError `dump-unreadable`, with the place; `scratch-unavailable`. */
  restore(file: string, options: RestoreOptions): Promise<Restored>;
}
