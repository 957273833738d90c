import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { equivalent } from "../../../src/dialect/postgres/equivalent.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { normalize } from "../../../src/dialect/postgres/normalize.js";
import {
  column,
  columnType,
  constraintBase,
  draftSchema,
  index,
  indexKey,
  table,
} from "../../../src/schema/build.js";
import type { Schema, Table } from "../../../src/schema/schema.js";
import { expressionsOf, type Slot, slotOf } from "../../../src/schema/slot.js";
import { everyNamespace, onPglite, onServer, runOps } from "./database.js";
import { creation, everything } from "./everything.js";

const t = { namespace: null, name: "t" };

/** A table with one check, default or index expression, which is what differs between two sides. */
function withTable(properties: Partial<Table>): Schema {
  const schema = draftSchema("postgres");
  schema.enums.set("mood", { namespace: null, name: "mood", values: ["sad", "new"], comment: null });
  schema.tables.set(
    "t",
    table("t", {
      columns: [
        column("a", columnType("integer")),
        column("type", columnType("character varying")),
        column("mood", columnType("mood")),
        column("note", columnType("text")),
      ],
      ...properties,
    }),
  );
  return schema;
}

function withCheck(expression: string): Schema {
  const check = {
    ...constraintBase("c"),
    kind: "check",
    expression,
    noInherit: false,
    validated: true,
  } as const;
  return withTable({ constraints: [check] });
}

function withDefault(type: string, expression: string): Schema {
  return withTable({ columns: [column("d", columnType(type), { default: expression })] });
}

async function decide(connection: Connection, a: Schema, b: Schema): Promise<boolean | string> {
  const slots = [...new Set([...expressionsOf(a).keys(), ...expressionsOf(b).keys()])];
  const { same, undecided } = await equivalent(connection, a, b, slots);
  return [...undecided.values()][0] ?? slots.every((slot) => same.has(slot));
}

describe("equivalent", () => {
  const checks: readonly (readonly [string, string, boolean])[] = [
    ["a > 0", "(a > 0)", true],
    ["a > 0 AND a < 5", "((a > 0) AND (a < 5))", true],
    [
      "type IN ('a', 'b')",
      "((type)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
      true,
    ],
    ["type IN ('a', 'b')", "type = ANY (ARRAY['a', 'b'])", false],
    ["type IN ('a', 'b')", "type = 'a' OR type = 'b'", false],
    ["a BETWEEN 1 AND 2", "((a >= 1) AND (a <= 2))", true],
    ["a > 0", "a >= 0", false],
    ["a > 0 AND a BETWEEN 1 AND 2", "((a > 0) AND (a >= 1) AND (a <= 2))", true],
    [
      "(a > 0 AND a > 1) AND (a > 2 AND (a > 3 AND a > 4))",
      "a > 0 AND a > 1 AND a > 2 AND a > 3 AND a > 4",
      true,
    ],
    ["a > 0 OR (a > 1 OR a > 2)", "(a > 0 OR a > 1) OR a > 2", true],
    ["a > 0 AND (a > 1 OR a > 2)", "a > 0 AND a > 1 OR a > 2", false],
    ["a > 0 OR (a > 1 AND a > 2)", "(a > 0 OR a > 1) AND a > 2", false],
    ["NOT (a > 0 AND a > 1) AND a > 2", "NOT a > 0 AND a > 1 AND a > 2", false],
    ["coalesce(a > 0 AND a > 1) AND a > 2", "coalesce(a > 0) AND a > 1 AND a > 2", false],
    ["mood <> 'new'", "(mood <> 'new'::mood)", true],
    ["note LIKE 'x%'", "(note ~~ 'x%'::text)", true],
    ["a is not null", "(a IS NOT NULL)", true],
    ["a::bigint > 0", "((a)::bigint > 0)", true],
    ["t.a > 0", "a > 0", true],
    ["mood = 'sad' OR note <> '100%s %1$s'", "((mood = 'sad'::mood) OR (note <> '100%s %1$s'::text))", true],
  ];
  const defaults: readonly (readonly [string, string, string, boolean])[] = [
    ["integer", "'1'", "1", true],
    ["integer", "1", "2", false],
    ["text", "'x'", "'x'::text", true],
    ["character varying", "'x'::text", "'x'::character varying", true],
    ["bigint", "0", "'0'::bigint", true],
    ["numeric", "0", "0.0", false],
    ["timestamp with time zone", "now()", "CURRENT_TIMESTAMP", true],
    ["timestamp with time zone", "now()", "clock_timestamp()", false],
    ["jsonb", "'{}'", "'{}'::jsonb", true],
    ["jsonb", `'{"a": 1}'`, `'{"a":1}'::jsonb`, true],
    ["boolean", "'t'", "true", true],
    ["mood", "'sad'", "'sad'::mood", true],
    ["text", "NULL", "NULL::text", true],
    ["interval", "'1 day'", "'24:00:00'::interval", false],
  ];

  it("decides checks and defaults as the engine does", () =>
    onServer(async (connection) => {
      for (const [a, b, expected] of checks) {
        expect.soft(await decide(connection, withCheck(a), withCheck(b)), `${a} | ${b}`).toBe(expected);
      }
      for (const [type, a, b, expected] of defaults) {
        const decided = await decide(connection, withDefault(type, a), withDefault(type, b));
        expect.soft(decided, `${type}: ${a} | ${b}`).toBe(expected);
      }
      const left = await connection.query(
        "SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = 'public'::regnamespace",
      );
      expect(left[0]?.["n"]).toBe(0);
    }));

  it("decides keys and predicates of indexes", () =>
    onServer(async (connection) => {
      const one = (expression: string, where: string) =>
        withTable({
          indexes: [index("i", [indexKey({ expression }), indexKey({ column: "a" })], { where })],
        });
      expect(
        await decide(connection, one("a+1", "type='x'"), one("(a + 1)", "(type)::text = 'x'::text")),
      ).toBe(true);
      expect(
        await decide(connection, one("a+1", "type='x'"), one("(a + 2)", "(type)::text = 'x'::text")),
      ).toBe(false);
      expect(await decide(connection, one("lower(note)", "a>1"), one("lower( note )", "a > 2"))).toBe(false);
    }));

  it("asks about a table one of whose columns is of a type that is not there yet", () =>
    onServer(async (connection) => {
      const columns = [column("a", columnType("integer")), column("mail", columnType("citext"))];
      const checked = (expression: string) => ({
        ...withCheck(expression),
        tables: new Map([...withCheck(expression).tables].map(([key, one]) => [key, { ...one, columns }])),
      });
      expect(await decide(connection, checked("a>0"), checked("(a > (0))"))).toBe(true);
      expect(await decide(connection, checked("a>0"), checked("mail <> 'x'"))).toContain("citext");
    }));

  it("lets one bad expression be undecided and decides the others", () =>
    onServer(async (connection) => {
      const schema = (d: string, note: string) =>
        withTable({
          columns: [
            column("d", columnType("integer"), { default: d }),
            column("note", columnType("text"), { default: note }),
            column("strange", columnType("text"), { default: d === "1" ? "no_such()" : "no_such( 1 )" }),
          ],
        });
      const [a, b] = [schema("'1'", "'x'::text"), schema("1", "'x'")];
      const { same, undecided } = await equivalent(connection, a, b, [...expressionsOf(a).keys()]);
      expect([...same].sort()).toEqual([slotOf(t, "default", "d"), slotOf(t, "default", "note")].sort());
      expect([...undecided]).toEqual([[slotOf(t, "default", "strange"), expect.stringContaining("no_such")]]);
    }));

  it("says why nothing can be decided", () =>
    onServer(async (connection) => {
      const [a, b] = [withCheck("a IN (1, 2)"), withCheck("a = ANY (ARRAY[1, 2])")];
      await connection.run("CREATE ROLE equivalent_tester");
      await connection.run("SET default_transaction_read_only = on");
      expect(await decide(connection, a, b)).toContain("read-only");
      await connection.run("SET default_transaction_read_only = off");
      const [row] = await connection.query("SELECT quote_ident(current_database()) AS name");
      await connection.run(
        `REVOKE TEMPORARY ON DATABASE ${row?.["name"]} FROM PUBLIC; SET ROLE equivalent_tester`,
      );
      expect(await decide(connection, a, b)).toContain("GRANT TEMPORARY");
      await connection.run("RESET ROLE; DROP ROLE equivalent_tester");
    }));

  it("decides views, also over views and over tables that differ", () =>
    onServer(async (connection) => {
      const schema = (definition: string, over: string): Schema => {
        const made = withTable({});
        const view = (name: string, text: string, materialized: boolean) => ({
          namespace: null,
          name,
          materialized,
          definition: text,
          parameters: {},
          withData: true,
          method: null,
          tablespace: null,
          indexes: materialized
            ? [index("i", [indexKey({ expression: over.includes("V.") ? "a+1" : "(a + 1)" })])]
            : [],
          comment: null,
        });
        const views = new Map([
          ["v", view("v", definition, false)],
          ["w", view("w", over, true)],
        ]);
        return { ...made, views };
      };
      const a = schema("SELECT t.a,\n    t.note\n   FROM t\n  WHERE (t.a > 1)", "SELECT v.a FROM v");
      expect(
        await decide(connection, a, schema("select a, note from public.t where a > 1", "SELECT V.a FROM v")),
      ).toBe(true);
      expect(
        await decide(connection, a, schema("select a, note from t where a > 2", "SELECT v.a FROM v")),
      ).toBe(false);
    }));

  const roundTrip = async (connection: Connection, schema: Schema): Promise<void> => {
    const wanted = normalize.schema(schema);
    await runOps(connection, creation(wanted));
    const found = await inspectPostgres(connection, everyNamespace);
    const slots: readonly Slot[] = [...expressionsOf(wanted).keys()];
    const { same, undecided } = await equivalent(connection, found, wanted, slots);
    expect([...undecided]).toEqual([]);
    expect([...slots].filter((slot) => !same.has(slot))).toEqual([]);
    const plain = ({ dependencies, ...schema }: Schema) => ({
      ...schema,
      dependencies: new Map(dependencies ?? []),
    });
    expect(plain(await inspectPostgres(connection, everyNamespace))).toEqual(plain(found));
  };

  it("finds a whole schema the same as what it was made from", () =>
    onServer((connection) => roundTrip(connection, everything())));

  it("works in this process too", () =>
    onPglite((connection) => roundTrip(connection, { ...everything(), extensions: new Map() })));

  it("finds it the same in a database that has nothing of it", () =>
    onServer(async (connection) => {
      const wanted = normalize.schema(everything());
      const found = await onServer(async (other) => {
        await runOps(other, creation(wanted));
        return inspectPostgres(other, everyNamespace);
      });
      const slots = [...expressionsOf(wanted).keys()];
      const { same, undecided } = await equivalent(connection, found, wanted, slots);
      expect([...undecided]).toEqual([]);
      expect(slots.filter((slot) => !same.has(slot))).toEqual([]);
    }));
});
