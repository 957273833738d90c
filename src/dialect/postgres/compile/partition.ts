import { isPartitionAlike } from "../../../op/create-table.js";
import { nameKey, type ObjectName, sameName } from "../../../schema/name.js";
import type { Column, Constraint, Table } from "../../../schema/schema.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { columnClause } from "./clause.js";
import type { Group } from "./contract.js";

/** ALTER TABLE … ATTACH PARTITION and INHERIT, ALTER INDEX … ATTACH PARTITION of the manual. */
export const compilePartition: Group<
  "attach-partition" | "detach-partition" | "set-inheritance" | "attach-index"
> = {
  "attach-partition": (op) => [
    step(
      `ALTER TABLE ONLY ${quoteName(op.partition.of)} ATTACH PARTITION ${quoteName(op.name)} ${op.partition.bounds}`,
      op,
    ),
  ],
  "detach-partition": (op, { before }) => {
    const table = before.tables.get(nameKey(op.name));
    const parent = table?.partition?.of;
    if (parent === undefined) return op.concurrently ? [step(finishDetaching(op.name), op)] : [];
    const sql = `ALTER TABLE ${quoteName(parent)} DETACH PARTITION ${quoteName(op.name)}`;
    return op.concurrently
      ? [
          step(`${sql} CONCURRENTLY`, op, { transaction: "forbidden" }),
          step(dropBoundsCheck(op.name, table), op),
        ]
      : [step(sql, op)];
  },
  "set-inheritance": (op, { before }) => {
    const old = before.tables.get(nameKey(op.name))?.inherits ?? [];
    const head = `ALTER TABLE ${quoteName(op.name)}`;
    // The order of the parents counts: from the first that differs on, all are taken away and given again.
    const differs = old.findIndex((parent, place) => {
      const now = op.inherits[place];
      return now === undefined || !sameName(now, parent);
    });
    const kept = differs < 0 ? old.length : differs;
    return [
      ...old.slice(kept).map((parent) => step(`${head} NO INHERIT ${quoteName(parent)}`, op)),
      ...op.inherits.slice(kept).map((parent) => step(`${head} INHERIT ${quoteName(parent)}`, op)),
    ];
  },
  "attach-index": (op) => [
    step(
      `ALTER INDEX ${quoteName(op.to)} ATTACH PARTITION ${quoteName({ namespace: op.table.namespace, name: op.index })}`,
      op,
    ),
  ],
};

/**
 * A DETACH … CONCURRENTLY that was cut off leaves a partition that is no part of its table any more, and still hangs on it (manual,
 * ALTER TABLE, "DETACH PARTITION … FINALIZE"). Its table is known only to the catalogue then.
 */
function finishDetaching(partition: ObjectName): string {
  const pending = `SELECT inhparent::pg_catalog.regclass FROM pg_catalog.pg_inherits
    WHERE inhdetachpending AND inhrelid = pg_catalog.to_regclass(${quoteString(quoteName(partition))})`;
  return `DO $finish$
DECLARE parent pg_catalog.regclass := (${pending});
BEGIN
  IF parent IS NOT NULL THEN
    EXECUTE pg_catalog.format('ALTER TABLE %s DETACH PARTITION %s FINALIZE', parent, ${quoteString(quoteName(partition))});
  END IF;
END
$finish$`;
}

/**
 * DETACH … CONCURRENTLY leaves a CHECK that says what the bounds said (manual, ALTER TABLE), by a name that the server chooses;
 * without CONCURRENTLY it leaves none. It is the one that the partition did not have.
 */
function dropBoundsCheck(partition: ObjectName, table: Table | undefined): string {
  const checks = (table?.constraints ?? []).filter(({ kind }) => kind === "check");
  const known = checks.map(({ name }) => quoteString(name ?? ""));
  const name = quoteString(quoteName(partition));
  return `DO $drop$
DECLARE left_over text;
BEGIN
  FOR left_over IN SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass(${name})
    AND contype = 'c' AND coninhcount = 0 AND conname <> ALL (ARRAY[${known.join(", ")}]::text[])
  LOOP
    EXECUTE pg_catalog.format('ALTER TABLE %s DROP CONSTRAINT %I', ${name}, left_over);
  END LOOP;
END
$drop$`;
}

/** What stands for the columns in CREATE TABLE: those of a typed table have only what the type does not say. */
export function columnLines(table: Table): readonly string[] {
  const own = table.inherits === undefined ? table.columns : table.columns.filter((one) => !one.inherited);
  if (table.ofType === undefined) return own.map((column) => columnClause(table, column));
  return own.flatMap((column) => typedLine(table, column));
}

function typedLine(table: Table, column: Column): readonly string[] {
  const name = quoteIdentifier(column.name);
  const { storage: _, ...rest } = column;
  const clause = columnClause(table, { ...rest, collation: null, type: plainType });
  const options = clause.slice(`${name} text`.length);
  return options === "" ? [] : [`${name} WITH OPTIONS${options}`];
}

const plainType = { namespace: null, name: "text", modifiers: [], dimensions: 0 };

/** The engine makes it with the table or by attaching it: a copy of the parent's. */
export function isGiven(table: Table, constraint: Constraint): boolean {
  if (constraint.inherited !== true) return false;
  return constraint.kind === "foreign-key" || table.partition === undefined || isPartitionAlike(table);
}

/** What follows the name in CREATE TABLE; `body` is the list of columns and constraints, which may be empty. */
export function familyClause(table: Table, body: string): string {
  const { inherits, ofType, partition, partitioning } = table;
  const by =
    partitioning === undefined
      ? ""
      : ` PARTITION BY ${partitioning.strategy.toUpperCase()} (${partitioning.keys})`;
  if (partition !== undefined && isPartitionAlike(table)) {
    return ` PARTITION OF ${quoteName(partition.of)}${body} ${partition.bounds}${by}`;
  }
  if (ofType !== undefined) return ` OF ${quoteName(ofType)}${body}${by}`;
  const from = inherits === undefined ? "" : ` INHERITS (${inherits.map(quoteName).join(", ")})`;
  return `${body === "" ? " ()" : body}${from}${by}`;
}

/** Attaches a partition that was made by itself. */
export function attachment(table: Table): readonly string[] {
  const { partition } = table;
  if (partition === undefined || isPartitionAlike(table)) return [];
  return [
    `ALTER TABLE ONLY ${quoteName(partition.of)} ATTACH PARTITION ${quoteName(table)} ${partition.bounds}`,
  ];
}
