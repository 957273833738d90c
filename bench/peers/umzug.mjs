// umzug runs functions and brings neither driver nor transactions: here it has the same driver and one a migration.
import { readFileSync } from "node:fs";
import pg from "pg";
import { Umzug } from "umzug";

const [, , url, folder] = process.argv;
const client = new pg.Client(url);
await client.connect();
await client.query("CREATE TABLE IF NOT EXISTS umzug (name text PRIMARY KEY)");
const umzug = new Umzug({
  migrations: {
    glob: `${folder}/*.sql`,
    resolve: ({ name, path }) => ({
      name,
      up: async () => {
        await client.query("BEGIN");
        await client.query(readFileSync(path, "utf8"));
        await client.query("COMMIT");
      },
    }),
  },
  context: client,
  storage: {
    async executed() {
      return (await client.query("SELECT name FROM umzug ORDER BY name")).rows.map((row) => row.name);
    },
    async logMigration({ name }) {
      await client.query("INSERT INTO umzug VALUES ($1)", [name]);
    },
    async unlogMigration({ name }) {
      await client.query("DELETE FROM umzug WHERE name = $1", [name]);
    },
  },
  logger: undefined,
});
await umzug.up();
await client.end();
