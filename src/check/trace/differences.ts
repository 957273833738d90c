import type { Measured } from "../../dialect/tracer.js";
import { type LockMode, rankOf, stronger } from "../../effect/lock.js";
import { effectRecord, namesOf } from "../../effect/record.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import { showRelation } from "../../effect/world.js";

/**
 * In what the answer that was given without running a statement is not what was measured; none where it said itself that
 * it does not know. `transactional`: the engine carries it out in a transaction.
 */
export function differencesOf(
  statement: AnalysedStatement,
  measured: Measured,
  transactional: boolean,
): readonly string[] {
  const { onExisting } = statement;
  if (!onExisting.analysed) return [];
  // Code that may or may not run: what was not seen may be true another time.
  const certain = !statement.inner.some(({ conditional }) => conditional);
  const record = effectRecord(statement);
  const said = { ...record, locks: visibleLocks(record.locks, statement, measured) };
  const { rewrites } = measured;
  const unseen = new Set([...measured.rewritten, ...rewrites]);
  const saidRewrites = said.rewrites.filter((name) => !measured.rewritten.includes(name));
  const read = measured.reads === null ? said.scans : [...measured.scans, ...measured.reads, ...rewrites];
  const isForbidden = onExisting.transaction === "forbidden";
  return [
    ...lockDifferences(said.locks, measured, certain),
    ...setDifferences("is rewritten", saidRewrites, rewrites, certain),
    ...missing("is read from end to end", said.scans, read, certain),
    ...surplus("is read from end to end", without(measured.scans, unseen), said.scans),
    ...setDifferences(
      "gets an index built",
      without(said.indexBuilds, unseen),
      without(measured.indexBuilds, unseen),
      certain,
    ),
    ...setDifferences(
      "has its foreign key checked",
      said.foreignKeyChecks,
      measured.foreignKeyChecks,
      certain,
    ),
    ...(isForbidden === !transactional
      ? []
      : [
          isForbidden
            ? "it was expected to be refused in a transaction, and is not"
            : "it cannot be in a transaction, which was not expected",
        ]),
  ];
}

/** Locks on an index are not told apart from those that come with its table's. */
function visibleLocks(
  said: Readonly<Record<string, LockMode>>,
  { before, onExisting }: AnalysedStatement,
  { held, locks }: Measured,
): Readonly<Record<string, LockMode>> {
  const hidden = [...onExisting.locks.keys()].flatMap((id) => {
    const relation = before.relations.get(id);
    if (relation === undefined || relation.index === null) return [];
    const [table = ""] = namesOf(before, [relation.index.table]);
    return held.has(table) || locks.has(table) ? [showRelation(relation)] : [];
  });
  return Object.fromEntries(Object.entries(said).filter(([name]) => !hidden.includes(name)));
}

function lockDifferences(
  said: Readonly<Record<string, LockMode>>,
  { locks, held, locksSeen }: Measured,
  certain: boolean,
): readonly string[] {
  if (locksSeen === "nothing") return [];
  const names = [...new Set([...Object.keys(said), ...locks.keys()])].sort();
  return names.flatMap((name) => {
    const before = held.get(name);
    const expected = strongestOf(said[name], before);
    const found = strongestOf(locks.get(name), before);
    if (expected === found) return [];
    const isWeaker = found === null || (expected !== null && rankOf(expected) > rankOf(found));
    // What was watched from outside may have been over too soon.
    if (isWeaker && (!certain || locksSeen === "sampled")) return [];
    return [`${name}: ${expected ?? "no lock"} was expected, ${found ?? "none"} was measured`];
  });
}

function strongestOf(a: LockMode | undefined, b: LockMode | undefined): LockMode | null {
  if (a === undefined) return b ?? null;
  return b === undefined ? a : stronger(a, b);
}

function without(names: readonly string[], these: ReadonlySet<string>): readonly string[] {
  return names.filter((name) => !these.has(name));
}

function setDifferences(
  what: string,
  said: readonly string[],
  found: readonly string[],
  certain: boolean,
): readonly string[] {
  return [...missing(what, said, found, certain), ...surplus(what, found, said)];
}

function missing(
  what: string,
  said: readonly string[],
  found: readonly string[],
  certain: boolean,
): readonly string[] {
  const names = certain ? said.filter((name) => !found.includes(name)) : [];
  return names.map((name) => `${name} ${what}, was expected, and did not happen`);
}

function surplus(what: string, found: readonly string[], said: readonly string[]): readonly string[] {
  const names = found.filter((name) => !said.includes(name));
  return names.map((name) => `${name} ${what}, which was not expected`);
}
