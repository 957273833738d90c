import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { normalize } from "../../../src/dialect/postgres/normalize.js";
import type { Schema } from "../../../src/schema/schema.js";
import { expressionsOf } from "../../../src/schema/slot.js";
import { everyNamespace, onPglite, onServer, runOps } from "./database.js";
import { creation, everything } from "./everything.js";

/** Plain data without the texts of expressions and without marks that a database cannot have. */
function bones(schema: Schema): unknown {
  const text = new Set(["default", "expression", "where", "using", "check", "definition"]);
  const strip = (value: unknown, key = ""): unknown => {
    if (value instanceof Map)
      return Object.fromEntries([...value].sort().map(([name, one]) => [name, strip(one)]));
    if (Array.isArray(value)) {
      const list = value.map((one) => strip(one));
      const named = key === "constraints" || key === "indexes" || key === "policies";
      return named ? list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : list;
    }
    if (typeof value !== "object" || value === null)
      return text.has(key) && typeof value === "string" ? "…" : value;
    const entries = Object.entries(value).filter(
      ([name]) => name !== "implicitName" && name !== "dependencies",
    );
    return Object.fromEntries(entries.sort().map(([name, one]) => [name, strip(one, name)]));
  };
  return strip(schema);
}

async function roundTrip(connection: Connection, schema: Schema): Promise<void> {
  const wanted = normalize.schema(schema);
  await runOps(connection, creation(wanted));
  const found = await inspectPostgres(connection, everyNamespace);
  const version = found.extensions.get("citext")?.version ?? null;
  const extensions = new Map([...wanted.extensions].map(([name, one]) => [name, { ...one, version }]));
  expect(bones(found)).toEqual(bones({ ...wanted, extensions }));
  expect([...expressionsOf(found).keys()].sort()).toEqual([...expressionsOf(wanted).keys()].sort());
  expect(bones(normalize.schema(found))).toEqual(bones(found));
}

describe("inspection gives back what was created", () => {
  it("on a server", () => onServer((connection) => roundTrip(connection, everything())));

  it("in this process", () =>
    onPglite(async (connection) => {
      const schema = everything();
      await roundTrip(connection, { ...schema, extensions: new Map() });
    }));
});
