import { lawOfPairs } from "./pairs.js";
import { sqliteSchema } from "./sqlite/schema.js";
import { sqliteEngine } from "./sqlite-engine.js";

// The first schema of each pair has other names, and whatever may have been renamed was. `LAW_NAMES=1 LAW_RENAMES=all` asks for
// the same of other tests.
process.env["LAW_NAMES"] ??= "1";
process.env["LAW_RENAMES"] ??= "all";

lawOfPairs("pairs of schemas on SQLite, with renames", sqliteEngine, sqliteSchema, { from: 0, count: 100 });
