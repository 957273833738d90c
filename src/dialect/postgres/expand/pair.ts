import type { Op } from "../../../op/op.js";
import type { ObjectName } from "../../../schema/name.js";
import type { ColumnType, Table } from "../../../schema/schema.js";
import { updateInBatches } from "../../update-in-batches.js";
import { identifierBytes, quoteIdentifier as quote, quoteName } from "../quote.js";

/** Types that have no equality. */
const incomparable: ReadonlySet<string> = new Set([
  ...["json", "xml", "point", "line", "lseg", "box", "path", "polygon", "circle"],
]);

/** True for values that are not the same, NULL being like any other. */
export function differ(one: string, other: string, type: ColumnType): string {
  const cast = incomparable.has(type.name) && type.namespace === null ? "::text" : "";
  return `${one}${cast} IS DISTINCT FROM ${other}${cast}`;
}

/** A name of at most 63 bytes that ends as it is asked to. */
export function shortName(stem: string, ending: string): string {
  let cut = stem;
  while (Buffer.byteLength(cut + ending) > identifierBytes) cut = [...cut].slice(0, -1).join("");
  return cut + ending;
}

/** A trigger before each row that is written, and its function. */
export interface RowTrigger {
  readonly table: ObjectName;
  readonly name: string;
  /** PL/pgSQL between BEGIN and RETURN NEW, line by line. */
  readonly body: readonly string[];
}

const functionOf = ({ table, name }: RowTrigger): string => quoteName({ namespace: table.namespace, name });

export function createTrigger(trigger: RowTrigger): readonly [makes: Op, runs: Op] {
  const { table, name, body } = trigger;
  const lines = body.map((line) => `  ${line}`).join("\n");
  return [
    {
      kind: "execute",
      sql: `CREATE FUNCTION ${functionOf(trigger)}() RETURNS trigger LANGUAGE plpgsql AS $alike$
BEGIN
${lines}
  RETURN NEW;
END
$alike$`,
    },
    {
      kind: "execute",
      sql: `CREATE TRIGGER ${quote(name)} BEFORE INSERT OR UPDATE ON ${quoteName(table)}
  FOR EACH ROW EXECUTE FUNCTION ${functionOf(trigger)}()`,
    },
  ];
}

export function dropTrigger(trigger: RowTrigger): readonly Op[] {
  return [
    { kind: "execute", sql: `DROP TRIGGER ${quote(trigger.name)} ON ${quoteName(trigger.table)}` },
    { kind: "execute", sql: `DROP FUNCTION ${functionOf(trigger)}()` },
  ];
}

/** Changes all rows of a table, batch by batch. */
export function inBatches(table: Table, set: string, where: string): Op {
  const isPartitioned = table.partitioning !== undefined;
  return { kind: "execute", sql: updateInBatches(quoteName(table), set, where, isPartitioned) };
}
