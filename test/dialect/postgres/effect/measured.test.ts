import { beforeAll, describe, expect, test } from "vitest";
import { analysePostgres } from "../../../../src/dialect/postgres/effect/analyse.js";
import { type LockMode, rankOf } from "../../../../src/effect/lock.js";
import type { AnalysedStatement } from "../../../../src/effect/statement.js";
import type { RelationId, World } from "../../../../src/effect/world.js";
import { fixture, type Measured, measured, preparations, worked } from "./measured.js";

const worlds = new Map<string, Promise<World>>();

/** The world that the statement of a row finds. */
function worldFor({ operation }: Measured, serverVersion: number): Promise<World> {
  const preparation = preparations[operation] ?? "";
  const key = `${serverVersion} ${preparation}`;
  const known = worlds.get(key);
  if (known !== undefined) return known;
  const made = analysePostgres([{ file: "before.sql", text: `${fixture}\n${preparation}` }], {
    serverVersion,
    inTransaction: false,
  }).then((analysed) => {
    const last = analysed.at(-1);
    if (last === undefined) throw new Error("nothing was read of the fixture");
    return last.after;
  });
  worlds.set(key, made);
  return made;
}

async function analyse(row: Measured, serverVersion: number): Promise<AnalysedStatement> {
  const world = await worldFor(row, serverVersion);
  const analysed = await analysePostgres([{ file: "row.sql", text: row.sql }], {
    serverVersion,
    inTransaction: false,
    world,
    from: { source: 1, position: 1000 },
  });
  const last = analysed.at(-1);
  if (last === undefined) throw new Error(`nothing was read of ${row.sql}`);
  return last;
}

/** As the table writes it. */
function found(statement: AnalysedStatement) {
  const { before, onExisting } = statement;
  const name = (id: RelationId) => before.relations.get(id)?.name ?? "?";
  const names = (ids: readonly RelationId[]) => ids.map(name).sort();
  return {
    locks: Object.fromEntries([...onExisting.locks].map(([id, mode]) => [name(id), mode]).sort()),
    rewrites: names(onExisting.rewrites),
    scans: names(onExisting.scans),
    indexBuilds: names(onExisting.indexBuilds),
    foreignKeyChecks: onExisting.foreignKeyChecks.length > 0,
    proved: onExisting.proved.length > 0,
    outside: onExisting.transaction === "forbidden",
  };
}

function wanted({ operation, locks, work }: Measured) {
  const held = [...(locks ?? [])];
  const isBlocking = held.some(([, mode]) => rankOf(mode) >= rankOf("SHARE"));
  const isOnline = work.startsWith("outside tx");
  const target = held[0]?.[0] ?? "";
  // The new partition's own index is built while nobody can see it.
  const isNew = operation.startsWith("create-table");
  return {
    locks: Object.fromEntries(held.sort() as [string, LockMode][]),
    rewrites: worked(work, "rewrite"),
    scans: isBlocking
      ? [...worked(work, "scan(verify)"), ...worked(work, "reads")].sort()
      : worked(work, "scan(verify)"),
    indexBuilds:
      isOnline && /create|reindex/.test(operation) ? [target] : isNew ? [] : worked(work, "index build on"),
    foreignKeyChecks: work.includes("FK check"),
    proved: work.includes("skipped"),
    outside: isOnline || operation === "vacuum-full",
  };
}

const versions = [11, 12, 13, 14, 15, 16, 17, 18];

describe.each(versions)("what was measured on PostgreSQL %i", (version) => {
  const rows = measured.filter(({ from, to }) => from <= version && version <= to);
  beforeAll(() => expect(rows.length).toBeGreaterThan(150));

  test.each(rows.map((row) => [row.operation, row] as const))("%s", async (_, row) => {
    const statement = await analyse(row, version);
    if (row.locks !== null) {
      expect(found(statement)).toEqual(wanted(row));
      expect(statement.effect).toMatchObject({ analysed: true, refused: null });
      return;
    }
    // Rows that hold something refuse a column that may not be empty: that is known when they are looked at.
    if (/contains null values/.test(row.work)) expect(found(statement).scans).toEqual(["t"]);
    else if (/transaction block/.test(row.work)) expect(statement.effect.transaction).toBe("forbidden");
    else expect(statement.effect.refused).not.toBeNull();
  });
});
