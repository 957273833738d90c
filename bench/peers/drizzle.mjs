// drizzle-orm's migrator: all migrations in one transaction.
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";

const [, , url, migrationsFolder] = process.argv;
const client = new pg.Client(url);
await client.connect();
await migrate(drizzle(client), { migrationsFolder });
await client.end();
