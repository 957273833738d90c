// The floor for inspection: the catalog queries that inspection sends, run bare, their rows thrown away.
import { readFileSync } from "node:fs";
import pg from "pg";

const [, , url, file] = process.argv;
const client = new pg.Client(url);
await client.connect();
for (const { text, values } of JSON.parse(readFileSync(file, "utf8"))) await client.query(text, values);
await client.end();
