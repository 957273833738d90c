import { lawOfPairs } from "./pairs.js";
import { postgresSchema } from "./postgres/schema.js";
import { postgresEngine } from "./postgres-engine.js";

// The other half of what `npm test` tries is a file of its own, so that both run at once.
lawOfPairs("pairs of schemas on PostgreSQL", postgresEngine, postgresSchema, { from: 0, count: 150 });
