import type { Choices } from "../choices.js";
import { type Draft, quoted, type TableFacts } from "../item.js";

const names = ["persons", 'Order "x"', "select", "naïve ü", `long_${"n".repeat(60)}`, "it's", "a.b"];

interface Family {
  readonly family: string;
  readonly strict: readonly [string, ...string[]];
  readonly loose: readonly [string, ...string[]];
  readonly defaults: readonly [string, ...string[]];
  readonly names: readonly string[];
}

const families: readonly Family[] = [
  {
    family: "integer",
    strict: ["INTEGER", "INT"],
    loose: ["INTEGER", "integer", "BIGINT", "INT", "tinyint(3)", "NUMERIC"],
    defaults: ["1", "-2", "'3'", "(1 + 2)", "NULL", "0x10", "(abs(-4))", "TRUE"],
    names: ["n", "größe in m²", "order"],
  },
  {
    family: "text",
    strict: ["TEXT"],
    loose: ["TEXT", "VARCHAR(20)", "varchar(255)", "", "CLOB", "My Type"],
    defaults: ["'x'", "'it''s'", "''", "CURRENT_TIMESTAMP", "(lower('A'))", "('a' || 'b')", "NULL"],
    names: ["name", 'quo"ted', "Full Name", `long_${"c".repeat(60)}`],
  },
  {
    family: "real",
    strict: ["REAL"],
    loose: ["REAL", "DOUBLE", "DECIMAL(10, 2)", "FLOAT"],
    defaults: ["1.5", "-1e3", ".5"],
    names: ["amount", "a.b"],
  },
  { family: "blob", strict: ["BLOB"], loose: ["BLOB", "blob"], defaults: ["x'00ff'"], names: ["data"] },
  { family: "any", strict: ["ANY"], loose: ["ANY"], defaults: ["1", "'x'"], names: ["anything"] },
  {
    family: "time",
    strict: ["TEXT"],
    loose: ["DATETIME", "TIMESTAMP", "DATE"],
    defaults: ["CURRENT_DATE"],
    names: ["made"],
  },
];

export const conflicts = [
  "",
  "",
  "",
  "",
  " ON CONFLICT IGNORE",
  " ON CONFLICT REPLACE",
  " ON CONFLICT ROLLBACK",
  " ON CONFLICT FAIL",
  " ON CONFLICT ABORT",
] as const;

export const collations = ["", "", "", " COLLATE NOCASE", " COLLATE RTRIM", " COLLATE BINARY"] as const;

/** Tables with their columns: rowid tables and others, strict and loose ones. */
export function addTables(choices: Choices, draft: Draft): void {
  for (const name of names) {
    const id = `table ${name}`;
    if (!choices.chance(id, 0.25)) continue;
    const strict = choices.chance(`${id}/strict`, 0.25);
    const rowid = choices.number(`${id}/key`);
    const facts: TableFacts = { name: quoted(name), namespace: "", dividedBy: null, isPartition: false };
    const bare = rowid < 0.2;
    const options = [bare ? "WITHOUT ROWID" : "", strict ? "STRICT" : ""]
      .filter((one) => one !== "")
      .join(", ");
    const sql = `CREATE TABLE ${facts.name} ({}) ${options}`.trim();
    if (!draft.add({ id, kind: options === "" ? "table" : `table ${options}`, needs: [], sql, table: facts }))
      continue;
    const key = { table: id, name: "id", family: "key", type: "INTEGER", generated: false };
    const form = keyOf(choices, id, rowid);
    draft.add({ id: `${id}/id`, kind: form.kind, needs: [], within: id, sql: form.sql, column: key });
    for (const family of families) {
      for (const column of family.names) {
        if (choices.chance(`${id}/has ${column}`, 0.22))
          addColumn(choices, draft, id, family, column, strict);
      }
    }
    addGenerated(choices, draft, id);
  }
}

function keyOf(choices: Choices, id: string, rowid: number): { readonly kind: string; readonly sql: string } {
  const conflict = choices.pick(`${id}/key conflict`, [...conflicts]);
  if (rowid < 0.2) return { kind: "key without rowid", sql: `id INTEGER NOT NULL PRIMARY KEY${conflict}` };
  if (rowid < 0.45) return { kind: "autoincrement", sql: `id INTEGER PRIMARY KEY${conflict} AUTOINCREMENT` };
  if (rowid < 0.75) return { kind: "rowid key", sql: `id INTEGER PRIMARY KEY${conflict}` };
  if (rowid < 0.8) return { kind: "descending key", sql: "id INTEGER PRIMARY KEY DESC" };
  return { kind: "no key", sql: "id INTEGER NOT NULL" };
}

function addColumn(
  choices: Choices,
  draft: Draft,
  id: string,
  family: Family,
  name: string,
  strict: boolean,
): void {
  const path = `${id}/${name}`;
  const type = choices.pick(`${path}/type`, strict ? family.strict : family.loose);
  const isText = family.family === "text";
  const needed = choices.chance(`${path}/not null`, 0.25);
  const value = choices.pick(`${path}/default value`, family.defaults);
  const parts = [
    quoted(name),
    type === "My Type" ? '"My Type"' : type,
    isText ? choices.pick(`${path}/collation`, [...collations]).trim() : "",
    choices.some(`${path}/default`, 0.4, `DEFAULT ${value}`),
    needed && value !== "NULL" ? `NOT NULL${choices.pick(`${path}/conflict`, [...conflicts])}` : "",
  ];
  const column = { table: id, name: quoted(name), family: family.family, type, generated: false };
  const sql = parts.filter((part) => part !== "").join(" ");
  draft.add({ id: path, kind: `column ${family.family}`, needs: [], within: id, sql, column });
}

function addGenerated(choices: Choices, draft: Draft, id: string): void {
  const storage = (path: string) => choices.pick(path, ["STORED", "VIRTUAL", ""]);
  const [number] = draft.columns(id, "integer");
  const [text] = draft.columns(id, "text");
  if (number !== undefined && choices.chance(`${id}/twice`, 0.25)) {
    // Nothing that makes a real number of a large one: a STRICT table refuses that because of the rows.
    const factor = choices.pick(`${id}/factor`, ["% 9", "IS NULL", "% 7"]);
    const sql = `"twice n" INTEGER GENERATED ALWAYS AS (${number.column.name} ${factor}) ${storage(`${id}/twice stored`)}`;
    const column = { table: id, name: '"twice n"', family: "generated", type: "INTEGER", generated: true };
    draft.add({
      id: `${id}/twice`,
      kind: "generated column",
      needs: [number.id],
      within: id,
      sql: sql.trim(),
      column,
    });
  }
  if (text !== undefined && choices.chance(`${id}/loud`, 0.2)) {
    const call = choices.pick(`${id}/call`, ["upper", "lower", "trim"]);
    // Gap: NOT NULL on a computed column is refused because of the rows, and the engine names no column.
    const sql = `loud TEXT AS (${call}(${text.column.name})) ${storage(`${id}/loud stored`)}`;
    const column = { table: id, name: "loud", family: "generated", type: "TEXT", generated: true };
    draft.add({ id: `${id}/loud`, kind: "generated column", needs: [text.id], within: id, sql, column });
  }
}
