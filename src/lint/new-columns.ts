import type { ColumnDefinition, TypeUse } from "../effect/syntax.js";
import { findRelation, showRelation, type World } from "../effect/world.js";
import { type ObjectName, showName } from "../schema/name.js";
import type { StatementContext } from "./context.js";
import type { Rule, Say } from "./rule.js";

/** A column that a statement makes, or gives another type. */
export interface NewColumn {
  readonly name: string;
  readonly type: TypeUse;
  /** `null` when it was there and gets another type. */
  readonly definition: ColumnDefinition | null;
  /** `schema.table.column`. */
  readonly object: string;
}

type Ask = (column: NewColumn, context: StatementContext) => Say | undefined;

/** As `showRelation`, where the world knows the relation. */
export function showTable(world: World, name: ObjectName): string {
  const relation = findRelation(world, name);
  return relation === undefined ? showName(name) : showRelation(relation);
}

/** Asks about each column that a statement makes or retypes. What the session alone sees is left out. */
export function onNewColumns(ask: Ask): NonNullable<Rule["on"]> {
  const made = (table: ObjectName, definition: ColumnDefinition, context: StatementContext) => {
    const object = `${showTable(context.after, table)}.${definition.name}`;
    return ask({ name: definition.name, type: definition.type, definition, object }, context);
  };
  return {
    "create-table": (act, context) =>
      act.temporary ? undefined : act.columns.flatMap((one) => made(act.name, one, context) ?? []),
    "add-column": (act, context) => made(act.table, act.definition, context),
    "alter-type": (act, context) => {
      const before = findRelation(context.before, act.table)?.columns.get(act.column)?.type;
      // Only its length or nothing changes: that it has this type is nothing new.
      if (before?.name === act.type.name) return undefined;
      const object = `${showTable(context.after, act.table)}.${act.column}`;
      return ask({ name: act.column, type: act.type, definition: null, object }, context);
    },
  };
}
