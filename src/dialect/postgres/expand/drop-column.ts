import { applyOps } from "../../../op/apply.js";
import { constraintUses, scopeOf } from "../../../op/dependents.js";
import type { Op } from "../../../op/op.js";
import { nameKey, nameOf } from "../../../schema/name.js";
import type { Column, Schema, Table } from "../../../schema/schema.js";
import type { Expansion, ExpansionContext, LongChange } from "../../expansion.js";
import { type Hanging, hang, hangingOn, settle, underOwnNames } from "./carried.js";
import { freeName, isFilled, requireValue } from "./filled.js";

type Change = LongChange<"drop-column">;

/**
 * First new code may leave the column out, then it goes. What the column holds is lost with it, which only a person may
 * permit: nothing here says that it is meant.
 *
 * @returns a sentence where that cannot be done
 */
export function expandDrop(change: Change, { before }: ExpansionContext): Expansion | string {
  const table = before.tables.get(nameKey(change.table));
  const column = table?.columns.find(({ name }) => name === change.column);
  if (table === undefined || column === undefined) return "its column is not known";
  const reason = reasonAgainst(table, column, before);
  if (reason !== null) return reason;
  const on = nameOf(table);
  const scope = scopeOf(table);
  const checks = table.constraints.filter(
    (one) => one.kind === "check" && constraintUses(one, scope, column.name),
  );
  const allow: Op = { kind: "alter-column", table: on, column: column.name, changes: { nullable: true } };
  const relax: readonly Op[] = [
    allow,
    // They would go with the column anyway, and NULL may break them.
    ...checks.flatMap(({ name }): readonly Op[] =>
      name === null ? [] : [{ kind: "drop-constraint", table: on, constraint: name }],
    ),
  ];
  const relaxed = applyOps(before, relax).tables.get(nameKey(on)) ?? table;
  const hanging = hangingOn(relaxed, column.name, before);
  if (typeof hanging === "string") return hanging;
  if (hanging.references.length > 0)
    return "foreign keys refer to the column: drop them in a revision before";
  return {
    expand: {
      upgrade: relax,
      downgrade: [
        ...requireValue({ table, column, fill: change.back, name: freeName(table, column.name, before) }),
        ...hang(table, column.name, column.name, checksOf(hangingOn(table, column.name, before))),
      ],
      temporary: new Map([[allow, "the column is dropped when nothing names it"]]),
    },
    backfill: null,
    contract: {
      upgrade: [{ kind: "drop-column", table: on, column: column.name }],
      downgrade: change.irreversible ?? wayBack(relaxed, column, change.back, hanging),
    },
  };
}

function reasonAgainst(table: Table, column: Column, schema: Schema): string | null {
  if (!isFilled(column))
    return `new code may leave ${column.name} out as it is: release code that no longer names it first, then run the revision`;
  if (table.constraints.some((one) => one.kind === "primary-key" && one.columns.includes(column.name)))
    return "the column is in the primary key, which takes no NULL: make another key first";
  const isStrict = table.constraints.some(
    (one) =>
      (one.kind === "unique" && one.nullsNotDistinct && one.columns.includes(column.name)) ||
      (one.kind === "foreign-key" &&
        one.match === "full" &&
        one.columns.length > 1 &&
        one.columns.includes(column.name)),
  );
  if (isStrict)
    return "a key to which NULL is a value like others stands on the column: drop it in a revision before";
  const domain = schema.domains.get(nameKey(column.type));
  if (domain?.nullable === false)
    return "the type of the column, a domain, allows no NULL: give it another one first";
  return table.partition !== undefined || table.inherits !== undefined
    ? "the column comes from a parent table: drop it there"
    : null;
}

/** Its checks alone. */
function checksOf(hanging: Hanging | string): Hanging {
  const checks = typeof hanging === "string" ? [] : underOwnNames(hanging).checks;
  return { indexes: [], keys: [], foreignKeys: [], references: [], filled: null, checks };
}

/** The column as it was after the first revision, with what hung on it. */
function wayBack(table: Table, column: Column, value: string | null, hanging: Hanging): readonly Op[] {
  const on = nameOf(table);
  const { name } = column;
  const { own: _own, notNull: _notNull, ...plain } = column;
  const bare: Column = { ...plain, nullable: true, default: value, comment: null };
  const own = underOwnNames(hanging);
  return [
    { kind: "add-column", table: on, column: bare },
    // It was for the rows that are there.
    ...(value === null
      ? []
      : ([{ kind: "alter-column", table: on, column: name, changes: { default: null } }] satisfies Op[])),
    ...hang(table, name, name, own),
    ...settle(table, name, own),
  ];
}
