import { namesOf } from "../../effect/record.js";
import type { Plan } from "../plan.js";
import { showBytes } from "../show-bytes.js";
import type { Answer, Preflight } from "./check.js";

/** There is room for tables that are written anew and for indexes that are built. */
export async function roomCheck({ project, connection, plan }: Preflight): Promise<Answer> {
  if (plan.revisions.length === 0) return { verdict: "skipped", told: "nothing would run" };
  const room = (await project.dialect.room?.(connection)) ?? null;
  const grown = writtenAnew(plan);
  if (room === null) {
    const bytes = [...grown.values()].reduce((sum, one) => sum + one, 0);
    if (bytes === 0)
      return { verdict: "passed", told: "no table is written anew, and no index is built on rows" };
    return {
      verdict: "warning",
      told: `Up to ${showBytes(bytes)} of disk are needed, and the server does not tell what is free`,
      details: [...grown].map(([table, size]) => `${table}: ${showBytes(size)}`),
      remedy: "Look whether the server's disk has that much, and as much again for its log.",
    };
  }
  // A table is rebuilt beside itself, and what is changed is written to the journal before it is written in place.
  if (room.free < room.taken * 2) {
    return {
      verdict: "failed",
      told: `${showBytes(room.free)} are free, and a change may need ${showBytes(room.taken * 2)}, twice what the database has`,
      remedy: "Make room on the volume that the database is on.",
    };
  }
  return {
    verdict: "passed",
    told: `${showBytes(room.free)} are free, and the database has ${showBytes(room.taken)}`,
  };
}

/** Bytes of the tables of which the rows or an index are written; each as often as that is done. */
function writtenAnew({ revisions, sizes }: Plan): ReadonlyMap<string, number> {
  const grown = new Map<string, number>();
  for (const { statements } of revisions) {
    for (const { before, onExisting } of statements) {
      for (const table of namesOf(before, [...onExisting.rewrites, ...onExisting.indexBuilds])) {
        const bytes = sizes.get(table)?.bytes ?? 0;
        if (bytes > 0) grown.set(table, (grown.get(table) ?? 0) + bytes);
      }
    }
  }
  return grown;
}
