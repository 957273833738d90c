import type { Op } from "../../op/op.js";
import { partAddress } from "../../schema/address.js";
import type { Address, Dependencies } from "../../schema/dependency.js";
import { nameOf } from "../../schema/name.js";
import type { Column, Constraint } from "../../schema/schema.js";

/**
 * A CREATE TABLE without those of its parts that need something which itself needs the table (a condition that calls
 * a function over the table's rows), and the ops that add these parts later. `null` where no part can wait.
 */
export function splitTable(
  op: Op<"create-table">,
  missing: ReadonlySet<Address>,
  known: readonly Dependencies[],
): readonly Op[] | null {
  const { table } = op;
  const name = nameOf(table);
  const waits = (address: Address) =>
    known.some((dependencies) => [...(dependencies.get(address) ?? [])].some((one) => missing.has(one)));
  const lateConstraint = (one: Constraint) =>
    one.name !== null && waits(partAddress("constraint", table, one.name));
  const lateColumn = (column: Column) => waits(partAddress("default", table, column.name));
  const constraints = table.constraints.filter(lateConstraint);
  const columns = table.columns.filter(lateColumn);
  if (constraints.length + columns.length === 0) return null;
  return [
    {
      ...op,
      table: {
        ...table,
        columns: table.columns.flatMap((column) => {
          if (!columns.includes(column)) return [column];
          return column.generated === null ? [{ ...column, default: null }] : [];
        }),
        constraints: table.constraints.filter((one) => !constraints.includes(one)),
      },
    },
    ...columns.map(
      (column): Op =>
        column.generated === null
          ? {
              kind: "alter-column",
              table: name,
              column: column.name,
              changes: { default: column.default },
            }
          : { kind: "add-column", table: name, column },
    ),
    ...constraints.map((constraint): Op => ({ kind: "add-constraint", table: name, constraint })),
  ];
}
