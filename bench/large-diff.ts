// A diff that finds nothing, as a process: `write FILE` keeps what the database has, `diff FILE` inspects it again and
// holds it against that.
import { readFileSync, writeFileSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { diffOptions } from "../src/check/differences.js";
import { loadDialect } from "../src/dialect/registry.js";
import { diff } from "../src/diff/diff.js";
import type { Schema } from "../src/schema/schema.js";

const [, , what = "", url = "", file = ""] = process.argv;
const dialect = await loadDialect("postgres");
const connection = await dialect.connect(url, {
  directory: process.cwd(),
  applicationName: "bench",
});
const schema = await dialect.inspect(connection, { namespaces: "all", ignoreTables: [] });
await connection.close();
if (what === "write") {
  const { dependencies: _, ...rest } = schema;
  writeFileSync(file, serialize(rest));
} else {
  const wanted = deserialize(readFileSync(file)) as Schema;
  const { ops } = diff(schema, wanted, diffOptions(dialect));
  if (ops.length > 0) throw new Error(`${ops.length} differences`);
}
