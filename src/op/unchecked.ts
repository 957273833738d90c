import { nameKey, type ObjectName } from "../schema/name.js";
import type { Constraint, Schema, Table } from "../schema/schema.js";
import { descendantsOf } from "./create-table.js";
import type { Op } from "./op.js";

function unchecked({ constraints }: Table, name: string | null): Constraint | undefined {
  return constraints.find((one) => one.kind === "check" && one.name === name && !one.validated);
}

/** The tables that a table has a check from, without those that have it from another one themselves. */
function sourcesOf(schema: Schema, { inherits = [] }: Table, name: string | null): readonly Table[] {
  return inherits.flatMap((parent: ObjectName) => {
    const table = schema.tables.get(nameKey(parent));
    const check = table && unchecked(table, name);
    if (table === undefined || check === undefined) return [];
    return check.inherited ? sourcesOf(schema, table, name) : [table];
  });
}

/**
 * The ops around the making of a table that inherits checks which are not valid, neither there nor in other heirs: a new
 * table would have them as valid ones, so that they are given to all of them again.
 */
export function uncheckedOfParents(
  schema: Schema,
  table: Table,
): readonly { readonly drop: Op; readonly add: Op }[] {
  if (table.inherits === undefined) return [];
  const names = table.constraints.filter((one) => one.inherited && unchecked(table, one.name) === one);
  return names.flatMap(({ name }) =>
    [...new Set(sourcesOf(schema, table, name))].flatMap((source) => {
      const constraint = unchecked(source, name);
      const all = descendantsOf(schema, source).every((heir) => unchecked(heir, name) !== undefined);
      if (constraint === undefined || !all) return [];
      const { namespace, name: called } = source;
      const place = { table: { namespace, name: called } };
      return [
        {
          drop: { kind: "drop-constraint", ...place, constraint: name ?? constraint },
          add: { kind: "add-constraint", ...place, constraint },
        } as const,
      ];
    }),
  );
}
