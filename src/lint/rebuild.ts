import type { Act } from "../effect/act.js";
import type { AnalysedStatement } from "../effect/statement.js";
import { findRelation, type Relation } from "../effect/world.js";
import { actsOf, perUnit } from "./acts-of.js";
import type { Unit } from "./context.js";

/** A table that a unit makes anew: another one is made and filled, the old one is dropped, and the names are exchanged. */
export interface Rebuild {
  /** Before it is dropped, under the name that it has then. */
  readonly old: Relation;
  /** The name that it had before the unit. */
  readonly name: string;
  /** What has the name when the unit is over. */
  readonly made: Relation;
  readonly copy: { readonly act: Act<"insert">; readonly statement: AnalysedStatement } | null;
  readonly drop: AnalysedStatement;
  /** The statement that gives the new one the name of the old one. */
  readonly rename: AnalysedStatement | null;
  /** The statement that took its name from the old one before there was a new one. */
  readonly movedAway: AnalysedStatement | null;
  /** It was put together by Aludel, which knows the order and the switches. */
  readonly isOurs: boolean;
}

/** The rebuilds of a unit, by the statement that drops the old table. */
export const rebuildsOf = perUnit((unit): readonly Rebuild[] => {
  const [first] = unit.statements;
  const end = unit.statements.at(-1)?.after;
  if (first === undefined || end === undefined) return [];
  const all = actsOf(unit.statements);
  return all.flatMap(({ act, statement: drop }): readonly Rebuild[] => {
    if (act.kind !== "drop" || act.object !== "table") return [];
    return act.names.flatMap((written) => {
      const old = findRelation(drop.before, written);
      if (old === undefined || old.temporary || old.bornIn === drop.run) return [];
      const name = first.before.relations.get(old.id)?.name ?? old.name;
      const made = findRelation(end, { namespace: old.namespace, name });
      if (made === undefined || made.id === old.id || made.bornIn !== drop.run) return [];
      const renames = all.flatMap((one) =>
        one.act.kind === "rename" && one.act.member === null ? [one] : [],
      );
      const renameOf = (id: number) =>
        renames.find(
          ({ act: rename, statement }) =>
            rename.kind === "rename" && findRelation(statement.before, rename.name)?.id === id,
        )?.statement ?? null;
      return [
        {
          old,
          name,
          made,
          drop,
          copy: copyOf(all, old, made),
          rename: renameOf(made.id),
          movedAway: renameOf(old.id),
          isOurs: drop.op !== null && drop.op.kind !== "execute",
        },
      ];
    });
  });
});

function copyOf(all: ReturnType<typeof actsOf>, old: Relation, made: Relation): Rebuild["copy"] {
  for (const { act, statement } of all) {
    if (act.kind !== "insert" || findRelation(statement.before, act.table)?.id !== made.id) continue;
    const reads = act.query.reads.some((name) => findRelation(statement.before, name)?.id === old.id);
    if (reads) return { act, statement };
  }
  return null;
}

const isOn = (value: string | undefined): boolean => /^(?:on|true|yes|1)$/i.test(value ?? "");

/** What a switch of the session was last set to by the unit, before a position; `null` when the unit does not set it. */
export function switchAt(
  unit: Unit,
  name: string,
  position: number,
  counts: (statement: AnalysedStatement) => boolean = () => true,
): boolean | null {
  let found: boolean | null = null;
  for (const { act, statement } of actsOf(unit.statements)) {
    if (statement.position >= position) break;
    if (act.kind === "set" && act.name === name && counts(statement)) found = isOn(act.values[0]);
  }
  return found;
}

/** Outside a transaction, where alone the switch of foreign keys does anything. */
export const isEffective = ({ transaction }: AnalysedStatement): boolean => transaction.by === "none";

/** The columns of a copy: where each value comes from. */
export interface CopiedColumn {
  readonly into: string;
  /** The column of the old table that it is, as it is; `null` for an expression. */
  readonly source: string | null;
}

export function copiedColumns({ copy, made, old }: Rebuild): readonly CopiedColumn[] {
  if (copy === null) return [];
  const targets = copy.act.columns.length > 0 ? copy.act.columns : [...made.columns.keys()];
  if (copy.act.query.output.length === 1 && copy.act.query.all) {
    const sources = [...old.columns.keys()];
    return targets.map((into, at) => ({ into, source: sources[at] ?? null }));
  }
  return targets.map((into, at) => ({ into, source: copy.act.query.output[at]?.source ?? null }));
}

/** The column that is another name for the row's number (SQLite: "ROWIDs and the INTEGER PRIMARY KEY"). */
export function rowidColumn(table: Relation): string | null {
  if (table.options.has("without rowid")) return null;
  for (const key of table.constraints.values()) {
    if (key.kind !== "primary-key" || key.columns.length !== 1) continue;
    const column = table.columns.get(key.columns[0] ?? "");
    if (column?.type.name === "INTEGER") return column.name;
  }
  return null;
}
