import type { LongChange } from "../dialect/expansion.js";
import { blocks } from "../effect/lock.js";
import { showRelation } from "../effect/world.js";
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
  return { change: withBack(say.long, units), actsOfUnit: acts.length };
}

/** With what the way back makes of the values, where there is one. */
function withBack(change: LongChange, units: LintedFile["units"]): LongChange {
  if (change.kind !== "change-type") return change;
  const back =
    units.find(({ judged }) => judged.unit.direction === "downgrade")?.judged.unit.statements ?? [];
  for (const act of back.flatMap(({ acts }) => acts)) {
    if (act.kind === "alter-type" && act.column === change.column && act.table.name === change.table.name)
      return { ...change, back: act.using?.sql ?? null };
  }
  return change;
}

/** What others feel of a statement. */
function felt(statement: Found["statement"]): Pick<Finding, "locks" | "work"> {
  if (statement === null)
    return { locks: [], work: { rewrites: [], scans: [], indexBuilds: [], foreignKeyChecks: [] } };
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
