import type { Act } from "../../effect/act.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import type { Op } from "../../op/op.js";
import { index, indexKey } from "../../schema/build.js";
import type { ObjectName } from "../../schema/name.js";
import type { Found, LintedFile, LintedUnit } from "../found.js";
import type { Place } from "../place.js";
import type { WantedIndex } from "../rule.js";
import { written, writtenList, writtenName } from "../written.js";
import type { Edit } from "./fix.js";
import { inText, isWritten } from "./in-text.js";
import { besideCall, isSharedCall } from "./replace-call.js";
import { piecesOf } from "./subcommands.js";

/** An index more: on the way up beside the statement that makes it needed, and gone on the way down. */
export function indexEdits(file: LintedFile, found: Found): readonly Edit[] | null {
  const { unit, statement, number, scope, sql, say } = found;
  const wanted = say.index;
  if (wanted === undefined || unit === null || statement === null || number === null || scope === null)
    return null;
  const isRevision = unit.judged.unit.revision !== null;
  if (sql !== statement.sql) return null;
  // The runner of another tool has its own mind about transactions.
  if (!isRevision && wanted.concurrently && statement.transaction.by !== "none") return null;
  const make = beside(file, unit, number, wanted.above ? "above" : "below", {
    sql: (text) => {
      const how = wanted.concurrently ? "INDEX CONCURRENTLY" : "INDEX";
      const on = `${writtenName(wanted.table, text)} (${writtenList(wanted.columns, text)})`;
      return `CREATE ${how} ${written(wanted.name, text)} ON ${on}`;
    },
    op: (table) => (table === null ? null : createIndex(table, wanted)),
  });
  const back = isRevision ? wayBack(file, wanted) : [];
  return make === null || back === null ? null : [...make, ...back];
}

/** The edits that take the index away; none where it goes with its table or column, `null` where there is no place for them. */
function wayBack(file: LintedFile, wanted: WantedIndex): readonly Edit[] | null {
  const unit = file.units.find(({ judged }) => judged.unit.direction === "downgrade");
  if (unit === undefined || !wanted.concurrently) return [];
  const { statements, irreversible } = { ...unit.judged.unit, ...unit.judged.unit.revision };
  if (irreversible != null) return [];
  const acts = statements.map((one) => one.acts);
  if (acts.some((all) => all.some((act) => takesAlong(act, wanted)))) return [];
  const dropped = acts.findLastIndex((all) =>
    all.some(
      (act) =>
        act.kind === "drop-constraint" && act.constraint === wanted.key && isSame(act.table, wanted.table),
    ),
  );
  const places = dropped === -1 ? [statements.length - 1] : [dropped, statements.length - 1];
  for (const at of places) {
    const edits = beside(file, unit, at, "below", {
      sql: (text) => `DROP INDEX CONCURRENTLY ${writtenName({ ...wanted.table, name: wanted.name }, text)}`,
      op: (table) => (table === null ? null : dropIndex(table, wanted)),
    });
    if (edits !== null) return edits;
  }
  return null;
}

function takesAlong(act: Act, { table, columns }: WantedIndex): boolean {
  if (act.kind === "drop") return act.object === "table" && act.names.some((name) => isSame(name, table));
  return act.kind === "drop-column" && columns.includes(act.column) && isSame(act.table, table);
}

function isSame(one: ObjectName, other: ObjectName): boolean {
  const isPlaced = one.namespace !== null && other.namespace !== null;
  return one.name === other.name && (!isPlaced || one.namespace === other.namespace);
}

interface More {
  readonly sql: (spelled: string) => string;
  readonly op: (table: ObjectName | null) => Op | null;
}

/** One more statement, or call, above or below one. */
function beside(
  file: LintedFile,
  unit: LintedUnit,
  number: number,
  where: "above" | "below",
  more: More,
): readonly Edit[] | null {
  const statement = unit.judged.unit.statements[number];
  const place = unit.places[number];
  if (statement === undefined || place === undefined) return null;
  const { op } = statement;
  if (file.language === "typescript" && op !== null && op.kind !== "execute") {
    const added = more.op(tableOf(op));
    const { calls } = file;
    if (added === null || calls === undefined || isSharedCall(unit, op, place)) return null;
    return besideCall(file.source, place, where, (indent) => calls([added], indent));
  }
  return besideStatement(file, statement, place, where, more);
}

function besideStatement(
  file: LintedFile,
  statement: AnalysedStatement,
  place: Place,
  where: "above" | "below",
  { sql }: More,
): readonly Edit[] | null {
  if (!isWritten(file.source, place, statement.sql)) return null;
  const own = file.source.text.slice(place.start, place.end);
  const added = sql(statement.sql);
  const pieces = piecesOf(where === "above" ? [added, own] : [own, added]);
  const together = pieces.map((piece) => ({ ...piece, commitBefore: false }));
  return inText(file, place, together, { divided: false, isLast: true });
}

function tableOf(op: Op): ObjectName | null {
  if (op.kind === "create-table") return op.table;
  if (op.kind === "batch-alter-table") return op.name;
  return "table" in op && typeof op.table === "object" ? op.table : null;
}

function createIndex(table: ObjectName, { name, columns, concurrently }: WantedIndex): Op {
  const keys = columns.map((column) => indexKey({ column }));
  return {
    kind: "create-index",
    table,
    index: index(name, keys, { concurrently }),
    ...(concurrently ? { concurrently } : {}),
  };
}

function dropIndex(table: ObjectName, { name }: WantedIndex): Op {
  return { kind: "drop-index", table, index: name, concurrently: true };
}
