import { nameKey } from "../../../schema/name.js";
import type { Column, Expression, Schema } from "../../../schema/schema.js";
import { readSlot, type Slot } from "../../../schema/slot.js";
import { quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { formatType, underlyingType } from "../types.js";

/** How the texts of one slot are put to the engine and read back. `%1$s`, `%2$s` … stand for the texts. */
export interface Probe {
  /** Makes an object of the texts; a pattern of `format`. */
  readonly create: string;
  /** Gives them as the engine deparses them, an array of text. */
  readonly read: string;
  readonly undo: string;
  /** For a default: gives the value of the column in a new row, as text. */
  readonly evaluate: string | null;
}

/** The name of the object that a probe makes. */
export const probeName = "aludel probe";
/** Stands in for a materialised view where an index needs a table. */
export const materializedStandIn = "aludel materialised view";

/** Where the stand-in of an object is. */
export function standInName(name: string): string {
  return quoteName({ namespace: "pg_temp", name });
}

/** The probe for a slot; `texts` is what it holds. `null` for an object that neither schema has. */
export function probeOf(
  slot: Slot,
  texts: readonly (Expression | null)[],
  schemas: readonly Schema[],
  retype: (column: Column) => Column,
): Probe | null {
  const { object, part, name } = readSlot(slot);
  const table = standInName(object.name);
  const tables = schemas.map((schema) => schema.tables.get(nameKey(object)));
  const columns = tables.flatMap((one) => one?.columns ?? []);
  const column = columns.find((one) => one.name === name);
  switch (part) {
    case "default":
      return defaultProbe(table, name);
    case "generated":
      return column === undefined ? null : generatedProbe(table, retype(column));
    case "check":
      return checkProbe(table, ["boolean"]);
    case "index":
    case "exclude": {
      // The last text is the predicate, which is a condition; the others are keys of any type.
      const kinds = texts.map((_, place) => (place === texts.length - 1 ? "boolean" : "any"));
      const isTable = tables.some((one) => one !== undefined);
      return checkProbe(
        isTable ? table : standInName(materializedStandIn),
        kinds.filter((_, place) => texts[place] !== null),
      );
    }
    case "policy":
      return policyProbe(table, texts[0] !== null, texts[1] !== null && texts[1] !== undefined);
    case "domain":
    case "defined":
      return null;
    case "view": {
      const given = schemas.map((schema) => schema.views.get(nameKey(object))?.columns).find(Boolean);
      return viewProbe(given ?? []);
    }
  }
}

/** The probe for the default of a column of a stand-in. */
export function defaultProbe(table: string, column: string): Probe {
  const head = `ALTER TABLE ${table} ALTER COLUMN ${quoteIdentifier(column)}`;
  return {
    create: `${escaped(head)} SET DEFAULT (%1$s)`,
    read: readDefault(table, column),
    undo: `${head} DROP DEFAULT`,
    evaluate: `INSERT INTO ${table} DEFAULT VALUES RETURNING ${quoteIdentifier(column)}::text`,
  };
}

function readDefault(table: string, column: string): string {
  return `SELECT ARRAY[pg_get_expr(d.adbin, d.adrelid)] FROM pg_catalog.pg_attrdef d
JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE d.adrelid = ${quoteString(table)}::regclass AND a.attname = ${quoteString(column)}`;
}

function generatedProbe(table: string, column: Column): Probe {
  const name = quoteIdentifier(probeName);
  const collation = column.collation === null ? "" : ` COLLATE ${quoteName(column.collation)}`;
  const type = `${formatType(underlyingType(column.type))}${collation}`;
  return {
    create: `${escaped(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`)} GENERATED ALWAYS AS (%1$s) STORED`,
    read: readDefault(table, probeName),
    undo: `ALTER TABLE ${table} DROP COLUMN ${name}`,
    evaluate: null,
  };
}

/**
 * A check holds any expression over a table's columns: a condition as it is, one of another type as `… IS NOT NULL`,
 * which is taken off again when it is read. No index has to be built, and no operator class to be found.
 */
function checkProbe(table: string, kinds: readonly ("boolean" | "any")[]): Probe {
  const names = kinds.map((_, place) => `${probeName} ${place + 1}`);
  const adds = kinds.map((kind, place) => {
    const expression = kind === "boolean" ? `(%${place + 1}$s)` : `((%${place + 1}$s) IS NOT NULL)`;
    return ` ADD CONSTRAINT ${quoteIdentifier(names[place] ?? "")} CHECK ${expression}`;
  });
  const texts = kinds.map((kind, place) => {
    const whole = `(SELECT pg_get_expr(conbin, conrelid) FROM pg_catalog.pg_constraint
  WHERE conrelid = ${quoteString(table)}::regclass AND conname = ${quoteString(names[place] ?? "")})`;
    return kind === "boolean" ? whole : `regexp_replace(${whole}, '^\\((.*) IS NOT NULL\\)$', '\\1')`;
  });
  return {
    create: `${escaped(`ALTER TABLE ${table}`)}${adds.join(",")}`,
    read: `SELECT ARRAY[${texts.join(", ")}]`,
    undo: `ALTER TABLE ${table}${names.map((name) => ` DROP CONSTRAINT ${quoteIdentifier(name)}`).join(",")}`,
    evaluate: null,
  };
}

function policyProbe(table: string, using: boolean, check: boolean): Probe {
  const name = quoteIdentifier(probeName);
  const clauses = [using ? " USING (%1$s)" : "", check ? ` WITH CHECK (%${using ? 2 : 1}$s)` : ""];
  const texts = [
    using ? "pg_get_expr(polqual, polrelid)" : "",
    check ? "pg_get_expr(polwithcheck, polrelid)" : "",
  ];
  return {
    create: `${escaped(`CREATE POLICY ${name} ON ${table}`)}${clauses.join("")}`,
    read: `SELECT ARRAY[${texts.filter((text) => text !== "").join(", ")}] FROM pg_catalog.pg_policy
WHERE polrelid = ${quoteString(table)}::regclass AND polname = ${quoteString(probeName)}`,
    undo: `DROP POLICY ${name} ON ${table}`,
    evaluate: null,
  };
}

function viewProbe(columns: readonly string[]): Probe {
  const view = standInName(probeName);
  const list = columns.length === 0 ? "" : ` (${columns.map(quoteIdentifier).join(", ")})`;
  return {
    create: `CREATE VIEW ${escaped(`${view}${list}`)} AS\n%1$s\n`,
    read: `SELECT ARRAY[rtrim(btrim(pg_get_viewdef(${quoteString(view)}::regclass)), ';')]`,
    undo: `DROP VIEW ${view}`,
    evaluate: null,
  };
}

/** Text in a pattern of `format` that is not a place. */
function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}
