// Loaded into a run of `aludel inspect`: leaves the queries that it sent in a file, for the floor to send again.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const pg = createRequire(join(process.cwd(), "package.json"))("pg");
const queries = [];
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (config, values, callback) {
  const text = typeof config === "string" ? config : config.text;
  queries.push({ text, values: Array.isArray(values) ? values : (config.values ?? []) });
  return query.call(this, config, values, callback);
};
process.on("exit", () => writeFileSync(process.env.ALUDEL_BENCH_QUERIES, JSON.stringify(queries)));
