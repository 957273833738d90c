// The floor for a cold status: connect and read the version table.
import pg from "pg";

const client = new pg.Client(process.argv[2]);
await client.connect();
console.log((await client.query("SELECT version_num FROM aludel_version")).rows);
await client.end();
