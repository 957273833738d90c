import { describe, expect, test } from "vitest";
import { validateConfig } from "../../src/config/validate.js";
import { filterSchema, filterUninspected } from "../../src/filter/filter.js";
import { definedKey } from "../../src/schema/address.js";
import { column, columnType, draftSchema, table } from "../../src/schema/build.js";
import { nameKey } from "../../src/schema/name.js";
import type { Defined, Schema, Table } from "../../src/schema/schema.js";

interface Given {
  readonly include?: object;
  readonly exclude?: object;
}

const origin = { file: "/p/aludel.config.ts", root: "/p", variables: {}, dotenv: null };

function filtersOf(given: Given) {
  return validateConfig(given, origin).filters;
}

function defined(kind: Defined["kind"], name: string, properties: Partial<Defined> = {}): Defined {
  const plain = { signature: "", definition: "…", settings: [], comment: null, table: null };
  return { kind, namespace: null, name, ...plain, ...properties };
}

function schemaOf(
  tables: readonly Table[],
  rest: { readonly namespaces?: readonly string[]; readonly defined?: readonly Defined[] } = {},
): Schema {
  const draft = draftSchema("postgres");
  for (const one of tables) draft.tables.set(nameKey(one), one);
  for (const name of rest.namespaces ?? []) draft.namespaces.set(name, { name, comment: null });
  for (const one of rest.defined ?? []) draft.defined.set(definedKey(one), one);
  return draft;
}

const withColumns = (name: string, names: readonly string[], namespace: string | null = null) =>
  table(name, { namespace, columns: names.map((one) => column(one, columnType("text"))) });

function leftOut(schema: Schema, given: Given = {}, owned: Schema | null = null): readonly string[] {
  const options = { defaultNamespace: "public", otherTools: { owned } };
  const filtered = filterSchema(filtersOf(given), schema, options);
  return filtered.leftOut.map(({ kind, name, because }) => `${kind} ${name}: ${because}`);
}

describe("schemas, tables and kinds", () => {
  const entries = table("entries", { namespace: "audit" });
  const policy = {
    name: "own",
    permissive: true,
    command: "all",
    roles: ["public"],
    using: "true",
    check: null,
    comment: null,
  } as const;
  const users = table("users", { policies: [policy], rowSecurity: "enabled" });
  const touch = defined("trigger", "touch", { table: users });
  const schema = schemaOf([users, table("legacy_users"), entries], {
    namespaces: ["audit"],
    defined: [touch, defined("function", "f", { namespace: "audit" }), defined("event-trigger", "e")],
  });

  test("nothing is left out unless it is asked for", () => {
    expect(leftOut(schema)).toEqual([]);
  });

  test("a schema goes with all that is in it", () => {
    expect(leftOut(schema, { exclude: { schemas: "audit" } })).toEqual([
      "namespace audit: exclude.schemas",
      "table audit.entries: exclude.schemas",
      "function audit.f: exclude.schemas",
    ]);
    expect(leftOut(schema, { include: { schemas: "public" } })).toEqual([
      "namespace audit: not in include.schemas",
      "table audit.entries: not in include.schemas",
      "function audit.f: not in include.schemas",
    ]);
  });

  test("a table goes with its triggers, and its partitions", () => {
    expect(leftOut(schema, { exclude: { tables: ["*.*", "!legacy_*", "!audit.*"] } })).toEqual([
      "table users: exclude.tables",
      "trigger users.touch: exclude.tables",
    ]);
    const partition = table("part", {
      partition: { of: { namespace: null, name: "whole" }, bounds: "DEFAULT" },
    });
    const partitioned = schemaOf([table("whole"), partition]);
    expect(leftOut(partitioned, { exclude: { tables: "whole" } })).toHaveLength(2);
    expect(leftOut(partitioned, { include: { tables: "whole" } })).toEqual([]);
    expect(leftOut(partitioned, { exclude: { tables: "part" } })).toEqual(["table part: exclude.tables"]);
  });

  test("tables that are in leave other kinds in", () => {
    expect(leftOut(schema, { include: { tables: "users" } })).toEqual([
      "table legacy_users: not in include.tables",
      "table audit.entries: not in include.tables",
    ]);
  });

  test("kinds, policies among them", () => {
    expect(leftOut(schema, { exclude: { kinds: ["function", "policy"] } })).toEqual([
      "function audit.f: exclude.kinds",
      "policy users.own: exclude.kinds",
    ]);
    expect(leftOut(schema, { include: { kinds: ["table", "policy"] } })).toEqual([
      "namespace audit: not in include.kinds",
      "trigger users.touch: not in include.kinds",
      "function audit.f: not in include.kinds",
      "event-trigger e: not in include.kinds",
    ]);
  });

  test("what is opt-in is added by naming it, which restricts nothing", () => {
    const granted = schemaOf([users], { defined: [defined("grant", "g")] });
    expect(leftOut(granted)).toEqual(["grant g: only with include.kinds"]);
    expect(leftOut(granted, { include: { kinds: "grant" } })).toEqual([]);
  });

  test("a foreign key to what is left out stays", () => {
    const key = {
      kind: "foreign-key",
      name: "k",
      implicitName: false,
      comment: null,
      columns: ["id"],
      references: { table: { namespace: "audit", name: "entries" }, columns: ["id"] },
      onDelete: "no action",
      onUpdate: "no action",
      match: "simple",
      deferral: "immediate",
      validated: true,
    } as const;
    const own = table("own", { constraints: [key] });
    const { schema: kept } = filterSchema(
      filtersOf({ exclude: { schemas: "audit" } }),
      schemaOf([own, entries]),
      { defaultNamespace: "public", otherTools: null },
    );
    expect([...kept.tables.values()]).toEqual([own]);
  });

  test("objects without a record, too", () => {
    const name = (text: string, namespace: string | null = null) => ({ namespace, name: text });
    const objects = [
      { kind: "virtual table", name: name("search"), table: null },
      { kind: "partitioned table", name: name("logs", "audit"), table: null },
      { kind: "trigger", name: name("touch"), table: name("users") },
    ];
    const kept = (given: Given) =>
      filterUninspected(filtersOf(given), objects, schema, {
        defaultNamespace: "public",
        otherTools: { owned: null },
      }).map(({ kind }) => kind);
    expect(kept({})).toHaveLength(3);
    expect(kept({ exclude: { schemas: "audit", tables: "users" } })).toEqual(["virtual table"]);
    expect(kept({ exclude: { kinds: "virtual-table" } })).toEqual(["partitioned table", "trigger"]);
  });
});

describe("other tools", () => {
  const typeorm = withColumns("migrations", ["id", "timestamp", "name"]);

  test.each([
    ["_prisma_migrations", [], "Prisma"],
    ["migrations", ["id", "migration", "batch"], "Laravel"],
    ["schema_migrations", ["dirty", "version"], "Rails, dbmate, golang-migrate or Ecto"],
    ["alembic_version", ["version_num"], "Alembic"],
    ["_cf_KV", ["key", "value"], "Cloudflare D1"],
    ["_litestream_seq", ["id", "seq"], "Litestream"],
  ])("%s", (name, columns, tool) => {
    expect(leftOut(schemaOf([withColumns(name, columns)]))).toEqual([`table ${name}: ${tool}`]);
  });

  test("a table of the same name with other columns is the user's", () => {
    expect(leftOut(schemaOf([typeorm]))).toEqual(["table migrations: TypeORM"]);
    expect(leftOut(schemaOf([withColumns("migrations", ["id", "bird", "from", "to"])]))).toEqual([]);
  });

  test("what the models have is theirs", () => {
    expect(leftOut(schemaOf([typeorm]), {}, schemaOf([typeorm]))).toEqual([]);
    const boss = schemaOf([table("job", { namespace: "pgboss" })], { namespaces: ["pgboss"] });
    expect(leftOut(boss)).toEqual(["namespace pgboss: pg-boss", "table pgboss.job: pg-boss"]);
    expect(leftOut(boss, {}, schemaOf([table("own", { namespace: "pgboss" })]))).toEqual([]);
  });

  test("! takes it in", () => {
    expect(leftOut(schemaOf([typeorm]), { exclude: { tables: "!migrations" } })).toEqual([]);
    const boss = schemaOf([table("job", { namespace: "pgboss" })]);
    expect(leftOut(boss, { exclude: { schemas: "!pgboss" } })).toEqual([]);
  });

  test("a schema with nothing else in it goes along", () => {
    const bookkeeping = withColumns("__drizzle_migrations", ["id", "hash", "created_at"], "drizzle");
    const namespaces = { namespaces: ["drizzle"] };
    expect(leftOut(schemaOf([bookkeeping], namespaces))).toEqual([
      "namespace drizzle: Drizzle",
      "table drizzle.__drizzle_migrations: Drizzle",
    ]);
    const own = table("own", { namespace: "drizzle" });
    expect(leftOut(schemaOf([bookkeeping, own], namespaces))).toEqual([
      "table drizzle.__drizzle_migrations: Drizzle",
    ]);
  });

  test("auth is Supabase's only with the tables that nobody else has", () => {
    const auth = (names: readonly string[]) => names.map((name) => table(name, { namespace: "auth" }));
    expect(leftOut(schemaOf(auth(["users", "sessions"])))).toEqual([]);
    const own = ["users", "instances", "refresh_tokens", "audit_log_entries"];
    expect(leftOut(schemaOf(auth(own)))).toHaveLength(4);
  });
});
