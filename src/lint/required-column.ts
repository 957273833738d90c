import type { LongChange } from "../dialect/expansion.js";
import type { Act } from "../effect/act.js";
import { findRelation, type Relation } from "../effect/world.js";
import { showName } from "../schema/name.js";
import { actsOfKind, isSameRelation, statementsBefore } from "./ahead.js";
import type { StatementContext } from "./context.js";
import type { Say } from "./rule.js";

type Long = Pick<Say, "long" | "longActs">;
type Fill = LongChange<"require-column">["fill"];

/** Tables of which every row can be given a value by a trigger. */
function isFillable({ kind }: Relation): boolean {
  return kind === "table" || kind === "partitioned-table";
}

/** A new column without a value for rows that are there: the change that takes several deploys, where it is nothing but that. */
export function longOfAdded(act: Act<"add-column">, table: Relation): Long {
  const { name, constraints } = act.definition;
  if (!isFillable(table) || act.ifNotExists || constraints.length > 0) return {};
  return { long: { kind: "require-column", table: act.table, column: name, isNew: true, fill: null } };
}

/**
 * The same of SET NOT NULL where it is known what rows without a value get: the unit has written it into them above, or the column
 * has a default. The unit may also have made the column.
 */
export function longOfRequired(act: Act<"set-not-null">, context: StatementContext): Long {
  const table = context.existing(act.table);
  const column = table?.columns.get(act.column);
  if (table === undefined || column === undefined || !isFillable(table)) return {};
  const since = context.unit.statements[0]?.position ?? 0;
  const isNew = (column.bornAt ?? -1) >= since;
  if (isNew && !isMadeBare(act, context)) return {};
  const updates = actsOfKind(statementsBefore(context), "update").filter(({ act: one }) =>
    isSameRelation(context.before, one.table, act.table),
  );
  const [update, ...others] = updates;
  if (others.length > 0) return {};
  const value = update === undefined ? column.default : filledBy(update.act, act, context);
  if (value === null || value.constant === null || (update === undefined && isNew)) return {};
  const fill: Fill = { sql: value.sql, isConstant: value.constant !== undefined };
  return {
    long: { kind: "require-column", table: act.table, column: act.column, isNew, fill },
    longActs: 1 + (isNew ? 1 : 0) + (update === undefined ? 0 : 1),
  };
}

/** The column was added with nothing that it has to carry along. */
function isMadeBare({ table, column }: Act<"set-not-null">, context: StatementContext): boolean {
  const made = actsOfKind(statementsBefore(context), "add-column").find(
    ({ act }) => act.definition.name === column && isSameRelation(context.before, act.table, table),
  );
  if (made === undefined) return false;
  const { default: value, identity, generated, constraints, type } = made.act.definition;
  return (
    value === null && identity === null && generated === null && constraints.length === 0 && !type.serial
  );
}

/** What an UPDATE gives the column in every row that has nothing there, from that very row. */
function filledBy(update: Act<"update">, { table, column }: Act<"set-not-null">, context: StatementContext) {
  const { columns, values, where, query } = update;
  const own = findRelation(context.before, table);
  const inValue = new Set(values.flatMap(({ reads }) => reads.map(showName)));
  const isJoined = query.reads.some(
    (name) => !inValue.has(showName(name)) && findRelation(context.before, name)?.id !== own?.id,
  );
  const condition = where?.condition;
  const isAll = condition === undefined || condition.kind === "always";
  const isMissing = condition?.kind === "null" && condition.column === column;
  if (isJoined || columns.length !== 1 || columns[0] !== column || !(isAll || isMissing)) return null;
  return values[0] ?? null;
}
