import { column } from "../../../schema/build.js";
import { nameKey } from "../../../schema/name.js";
import type { Column, Expression, Schema } from "../../../schema/schema.js";
import { readSlot, type Slot } from "../../../schema/slot.js";
import { quoteString } from "../quote.js";
import { formatType } from "../types.js";
import { type Probe, probeName, standInName } from "./probe.js";

/**
 * Domains and what is known by its statement come from an inspection on both sides, as the engine prints them. What
 * differs there may still mean the same, because to print is no fixed point: `IN ('a', 'b')` over a `varchar` is printed
 * in one way, and in another when that is fed in again.
 */
export interface Printed {
  readonly a: readonly (Expression | null)[];
  readonly b: readonly (Expression | null)[];
  /** Texts beside these two whose names are needed. */
  readonly context: readonly string[];
  probe(retype: (column: Column) => Column): Probe;
}

type Texts = readonly (Expression | null)[];

/** What of two printed texts there is to ask about; `null` where they differ in more than expressions. */
export function printedOf(slot: Slot, a: Texts, b: Texts, schema: Schema): Printed | null {
  const { object, part } = readSlot(slot);
  if (part === "domain") {
    const domain = schema.domains.get(nameKey(object));
    if (domain === undefined) return null;
    const carrier = column("value", domain.type, { collation: domain.collation });
    const probe: Printed["probe"] = (retype) => domainProbe(formatType(retype(carrier).type), b);
    return { a, b, context: [formatType(domain.type)], probe };
  }
  const [left, right] = [a[0] ?? "", b[0] ?? ""];
  return triggerOf(left, right) ?? atomicOf(left, right);
}

/** The condition of a trigger (CREATE TRIGGER). */
function triggerOf(a: string, b: string): Printed | null {
  const shape =
    /^(CREATE (?:CONSTRAINT )?TRIGGER .*?) ON (.* FOR EACH (?:ROW|STATEMENT)) WHEN \((.*)\) (EXECUTE FUNCTION .*)$/s;
  const [left, right] = [shape.exec(a), shape.exec(b)];
  if (left === null || right === null) return null;
  if ([1, 2, 4].some((place) => left[place] !== right[place])) return null;
  return {
    a: [left[3] ?? ""],
    b: [right[3] ?? ""],
    context: [left[2] ?? ""],
    probe: () => triggerProbe(left[2] ?? ""),
  };
}

/** The body of a function that is parsed when it is made (CREATE FUNCTION, `sql_body`). */
function atomicOf(a: string, b: string): Printed | null {
  const shape =
    /^CREATE (FUNCTION|PROCEDURE) (?:"(?:[^"]|"")*"|[^("])+(\(.*?\n LANGUAGE .*?)\n(BEGIN ATOMIC\n.*|RETURN .*)$/s;
  const [left, right] = [shape.exec(a), shape.exec(b)];
  if (left === null || right === null || left[1] !== right[1] || left[2] !== right[2]) return null;
  const [kind, head] = [left[1] ?? "", left[2] ?? ""];
  return { a: [left[3] ?? ""], b: [right[3] ?? ""], context: [head], probe: () => routineProbe(kind, head) };
}

function domainProbe(type: string, texts: Texts): Probe {
  const name = standInName(probeName);
  const [fallback] = texts;
  const checks = texts.slice(1).filter((text) => text !== null);
  const first = fallback === null || fallback === undefined ? 1 : 2;
  const clauses = checks.map((_, place) => ` CONSTRAINT "${place}" CHECK (%${place + first}$s)`);
  const reads = checks.map(
    (_, place) =>
      `(SELECT pg_get_expr(conbin, 0) FROM pg_catalog.pg_constraint WHERE contypid = d.oid AND conname = '${place}')`,
  );
  return {
    create: `CREATE DOMAIN ${name} AS ${type}${first === 2 ? " DEFAULT %1$s" : ""}${clauses.join("")}`,
    read: `SELECT ARRAY[${[...(first === 2 ? ["pg_get_expr(d.typdefaultbin, 0)"] : []), ...reads].join(", ")}]
FROM pg_catalog.pg_type d WHERE d.oid = ${quoteString(name)}::regtype`,
    undo: `DROP DOMAIN ${name}`,
    evaluate: null,
  };
}

/** Conditions are about rows alone: any event that has both of them will do. */
function triggerProbe(on: string): Probe {
  const [, table = ""] = /^(?:(?:"(?:[^"]|"")*"|[^".\s])+\.)?((?:"(?:[^"]|"")*"|[^".\s])+)/.exec(on) ?? [];
  const quoted = `"aludel probe" ON pg_temp.${table}`;
  return {
    create: `CREATE TRIGGER ${quoted.replace(" ON ", " AFTER UPDATE ON ").replaceAll("%", "%%")} FOR EACH ROW WHEN (%1$s) EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()`,
    read: `SELECT ARRAY[substring(pg_get_triggerdef(oid) FROM ' WHEN \\((.*)\\) EXECUTE FUNCTION ')]
FROM pg_catalog.pg_trigger WHERE tgrelid = ${quoteString(`pg_temp.${table}`)}::regclass AND tgname = ${quoteString(probeName)}`,
    undo: `DROP TRIGGER ${quoted}`,
    evaluate: null,
  };
}

function routineProbe(kind: string, head: string): Probe {
  const name = standInName(probeName);
  return {
    create: `CREATE ${kind} ${name}${head.replaceAll("%", "%%")}\n%1$s`,
    read: `SELECT ARRAY[substring(pg_get_functiondef(p.oid) FROM '\\n(BEGIN ATOMIC\\n.*|RETURN .*)$')]
FROM pg_catalog.pg_proc p WHERE p.proname = ${quoteString(probeName)} AND p.pronamespace = pg_my_temp_schema()`,
    undo: `DROP ${kind} ${name}`,
    evaluate: null,
  };
}
