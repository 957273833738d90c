import { lawOfPairs } from "./pairs.js";
import { sqliteSchema } from "./sqlite/schema.js";
import { sqliteEngine } from "./sqlite-engine.js";

lawOfPairs("pairs of schemas on SQLite", sqliteEngine, sqliteSchema, { from: 0, count: 300 });
