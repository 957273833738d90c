import type { ForeignKeyDefinition } from "../effect/syntax.js";
import type { ObjectName } from "../schema/name.js";
import type { StatementContext } from "./context.js";
import { showTable } from "./new-columns.js";
import type { Rule, Say } from "./rule.js";

export interface NewForeignKey {
  readonly key: ForeignKeyDefinition;
  /** Of the statement's foreign keys as they stand in its text, from 0. */
  readonly number: number;
  /** The table that refers, as people write it. */
  readonly object: string;
  readonly target: string;
}

type Ask = (key: NewForeignKey, context: StatementContext) => Say | undefined;

/** The foreign keys that one of the statement's acts makes. */
function keysOf(act: StatementContext["statement"]["acts"][number]): readonly ForeignKeyDefinition[] {
  const constraints =
    act.kind === "create-table"
      ? [...act.columns.flatMap((column) => column.constraints), ...act.constraints]
      : act.kind === "add-column"
        ? act.definition.constraints
        : act.kind === "add-constraint"
          ? [act.constraint]
          : [];
  return constraints.filter((one) => one.kind === "foreign-key");
}

/** Asks about each foreign key that a statement makes. */
export function onForeignKeys(ask: Ask): NonNullable<Rule["on"]> {
  const asked =
    (table: ObjectName, keys: readonly ForeignKeyDefinition[]) =>
    (context: StatementContext): readonly Say[] => {
      const all = context.statement.acts.flatMap(keysOf);
      const object = showTable(context.after, table);
      return keys.flatMap((key) => {
        const target = showTable(context.after, key.target);
        return ask({ key, number: all.indexOf(key), object, target }, context) ?? [];
      });
    };
  return {
    "create-table": (act, context) => (act.temporary ? undefined : asked(act.name, keysOf(act))(context)),
    "add-column": (act, context) => asked(act.table, keysOf(act))(context),
    "add-constraint": (act, context) => asked(act.table, keysOf(act))(context),
  };
}
