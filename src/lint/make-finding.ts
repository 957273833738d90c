import type { LongChange } from "../dialect/expansion.js";
import { blocks } from "../effect/lock.js";
import { showRelation } from "../effect/world.js";
import type { ObjectName } from "../schema/name.js";
import { mayExpand } from "./expand/may-expand.js";
import type { Finding } from "./finding.js";
import { fixOf } from "./fix/fix-of.js";
import type { Found, LintedFile } from "./found.js";
import { rangeOf } from "./place.js";

/** What a rule has said, in full; its fingerprint is not yet a hash. */
export function findingOf(
  file: LintedFile,
  found: Found,
  severity: Finding["severity"],
  serverVersion: number,
): Finding {
  const { rule, say, unit, statement, number, sql, place, suppressed } = found;
  const revision = file.units[0]?.judged.unit.revision ?? null;
  const direction = unit?.judged.unit.direction ?? "upgrade";
  const object = say.object ?? null;
  return {
    rule: rule.id,
    title: rule.title,
    group: rule.group,
    severity,
    message: say.message,
    remedy: say.remedy ?? rule.remedy,
    instead: say.instead ?? [],
    precheck: say.precheck ?? null,
    fix: fixOf(file, found),
    long: longOf(file, found),
    object,
    file: file.shown,
    range: rangeOf(file.source, place),
    revision: revision?.id ?? null,
    direction,
    statement: number,
    sql,
    ...felt(statement),
    serverVersions: [serverVersion],
    fingerprint: [
      rule.id,
      file.shown,
      direction,
      object ?? say.message,
      sql?.replace(/\s+/g, " ") ?? "",
    ].join("\0"),
    suppressed,
  };
}

function longOf({ units }: LintedFile, { say, unit, statement, sql }: Found): Finding["long"] {
  if (say.long === undefined || unit === null || sql !== statement?.sql) return null;
  const { statements, direction } = unit.judged.unit;
  if (direction === "downgrade") return null;
  const acts = statements.flatMap((one) => one.acts).filter(({ kind }) => kind !== "set");
  const change = withBack(say.long, units);
  const mayWork = mayExpand(change, statement.before);
  return { change, mayWork, acts: say.longActs ?? 1, actsOfUnit: acts.length };
}

/** With what the way back makes of the values, where there is one. */
function withBack(change: LongChange, units: LintedFile["units"]): LongChange {
  const back = units.find(({ judged }) => judged.unit.direction === "downgrade")?.judged.unit;
  for (const act of (back?.statements ?? []).flatMap(({ acts }) => acts)) {
    if (change.kind === "change-type" && act.kind === "alter-type" && isOf(change, act.table, act.column))
      return { ...change, back: act.using?.sql ?? null };
    if (change.kind !== "drop-column" || act.kind !== "add-column") continue;
    const { name, default: value } = act.definition;
    if (isOf(change, act.table, name) && value?.constant != null) return { ...change, back: value.sql };
  }
  return change.kind === "drop-column"
    ? { ...change, irreversible: back?.revision?.irreversible ?? null }
    : change;
}

function isOf(change: LongChange & { readonly column: string }, table: ObjectName, column: string): boolean {
  return change.column === column && change.table.name === table.name;
}

type Felt = Pick<Finding, "locks" | "work">;

const nothingFelt: Felt = {
  locks: [],
  work: { rewrites: [], scans: [], indexBuilds: [], foreignKeyChecks: [] },
};

/** Several findings may be about one statement. */
const known = new WeakMap<NonNullable<Found["statement"]>, Felt>();

/** What others feel of a statement. */
function felt(statement: Found["statement"]): Felt {
  if (statement === null) return nothingFelt;
  const found = known.get(statement) ?? feltOf(statement);
  known.set(statement, found);
  return found;
}

function feltOf(statement: NonNullable<Found["statement"]>): Felt {
  const { onExisting: effect, before } = statement;
  const names = (ids: Iterable<number>) =>
    [...ids].flatMap((id) => {
      const relation = before.relations.get(id);
      return relation === undefined ? [] : [showRelation(relation)];
    });
  const { rewrites, scans, indexBuilds, foreignKeyChecks } = effect;
  return {
    locks: [...effect.locks].flatMap(([id, mode]) =>
      names([id]).map((relation) => ({ relation, mode, blocks: blocks(mode) })),
    ),
    work: {
      rewrites: names(rewrites),
      scans: names(scans),
      indexBuilds: names(indexBuilds),
      foreignKeyChecks: names(foreignKeyChecks),
    },
  };
}
