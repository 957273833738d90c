import type { Act } from "../effect/act.js";
import type { AnalysedStatement } from "../effect/statement.js";
import { type Constraint, findRelation, type Relation } from "../effect/world.js";
import type { ObjectName } from "../schema/name.js";

export type ForeignKey = Extract<Constraint, { readonly kind: "foreign-key" }>;

export interface MadeForeignKey {
  readonly key: ForeignKey;
  /** After the statement. */
  readonly table: Relation;
  /** As the statement names it. */
  readonly spelled: ObjectName;
}

function tableOf(act: Act): ObjectName | null {
  if (act.kind === "create-table") return act.name;
  return act.kind === "add-column" || act.kind === "add-constraint" ? act.table : null;
}

/** The foreign keys that a statement makes, as the world has them then. */
export function madeForeignKeys(statement: AnalysedStatement): readonly MadeForeignKey[] {
  const tables = new Map<number, { readonly table: Relation; readonly spelled: ObjectName }>();
  for (const act of statement.acts) {
    const name = tableOf(act);
    const table = name === null ? undefined : findRelation(statement.after, name);
    if (name !== null && table !== undefined) tables.set(table.id, { table, spelled: name });
  }
  return [...tables.values()].flatMap(({ table, spelled }) =>
    [...table.constraints.values()].flatMap((key) =>
      key.kind === "foreign-key" && key.bornAt === statement.position && !key.inherited
        ? [{ key, table, spelled }]
        : [],
    ),
  );
}
