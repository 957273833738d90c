import { lawOfPairs } from "./pairs.js";
import { postgresSchema } from "./postgres/schema.js";
import { postgresEngine } from "./postgres-engine.js";

// Only `npm run fuzz` asks for pairs here, as long as some are known for which the laws do not hold.
lawOfPairs("pairs of schemas on PostgreSQL", postgresEngine, postgresSchema, 0);
