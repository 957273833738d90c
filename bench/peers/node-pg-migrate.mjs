import { runner } from "node-pg-migrate";

const [, , url, dir] = process.argv;
await runner({ databaseUrl: url, dir, direction: "up", migrationsTable: "pgmigrations", log: () => {} });
