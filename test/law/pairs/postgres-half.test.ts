import { lawOfPairs } from "./pairs.js";
import { postgresSchema } from "./postgres/schema.js";
import { postgresEngine } from "./postgres-engine.js";

lawOfPairs("more pairs of schemas on PostgreSQL", postgresEngine, postgresSchema, { from: 150, count: 150 });
