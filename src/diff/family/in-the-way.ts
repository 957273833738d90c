import { ancestorsOf } from "../../op/lookup.js";
import type { Op } from "../../op/op.js";
import { sameConstraint, sameIndex } from "../../schema/equal.js";
import { isKey } from "../../schema/key.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type { Table } from "../../schema/schema.js";
import type { Work } from "../work.js";

/** Something that goes to all that are under the table, too. */
interface Given {
  readonly table: ObjectName;
  /** `unique` for whatever holds only with all columns that a table is divided by. */
  readonly what: "check" | "unique";
  readonly name: string | null;
}

/** What those under a table get by an op on it that they may refuse; `null` where it is nothing of that. */
export function whatHeirsGet(op: Op): Given | null {
  switch (op.kind) {
    case "rename-constraint":
      return { table: op.table, what: "check", name: op.to };
    case "add-constraint": {
      const { table, constraint } = op;
      if (constraint.kind === "check") return { table, what: "check", name: constraint.name };
      return isKey(constraint) ? { table, what: "unique", name: constraint.name } : null;
    }
    case "create-index":
      return op.index.unique ? { table: op.table, what: "unique", name: op.index.name } : null;
    default:
      return null;
  }
}

/**
 * A table has a check of its own that is called so, or is divided itself, perhaps by other columns (manual, ALTER TABLE ADD and
 * CREATE TABLE PARTITION BY).
 */
export function refuses(table: Table, { what, name }: Pick<Given, "what" | "name">): boolean {
  if (what === "check") return name !== null && ownChecks(table).includes(name);
  return table.partition !== undefined && table.partitioning !== undefined;
}

/** The names of the checks that a table has not from a parent. */
function ownChecks({ constraints }: Table): readonly string[] {
  return constraints.flatMap(({ kind, name, inherited }) =>
    kind === "check" && name !== null && inherited !== true ? [name] : [],
  );
}

/** A table that goes is in the way of what one above it gets. */
export function isInTheWayOfParents(work: Work, table: Table): boolean {
  return ancestorsOf(work.from, table).some((old) => {
    const now = work.to.tables.get(nameKey(old));
    return now !== undefined && newParts(old, now).some((one) => refuses(table, one));
  });
}

function newParts(old: Table, now: Table): readonly Pick<Given, "what" | "name">[] {
  const names = new Set(old.constraints.map(({ name }) => name));
  const checks = now.constraints
    .filter(({ kind, name }) => kind === "check" && !names.has(name))
    .map(({ name }) => ({ what: "check", name }) as const);
  const keys = now.constraints.filter(
    (one) => isKey(one) && !old.constraints.some((other) => sameConstraint(other, one)),
  );
  const indexes = now.indexes.filter(
    (one) => one.unique && !old.indexes.some((other) => sameIndex(other, one)),
  );
  return [...checks, ...[...keys, ...indexes].map(({ name }) => ({ what: "unique", name }) as const)];
}
