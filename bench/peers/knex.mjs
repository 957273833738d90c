import knex from "knex";

const [, , command, url, directory] = process.argv;
const database = knex({ client: "pg", connection: url, migrations: { directory } });
if (command === "latest") await database.migrate.latest();
else console.log(await database.migrate.status());
await database.destroy();
