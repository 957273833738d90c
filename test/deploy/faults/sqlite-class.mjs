// The class of databases that the command line chooses here: Node's own, otherwise that of libsql.
import { createRequire } from "node:module";

const own = process.getBuiltinModule("node:sqlite");

export const Database = own?.DatabaseSync ?? createRequire(import.meta.url)("libsql");

/** Scratch databases are in memory. */
export const isInMemory = (database) => database.memory ?? database.location?.() === null;
