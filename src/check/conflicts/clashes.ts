import { messageOf } from "../../error/error.js";
import { ancestors } from "../../revision/graph/closure.js";
import type { GraphNode } from "../../revision/graph/node.js";
import { inOrder } from "../../revision/graph/order.js";
import type { Revision } from "../../revision/revision.js";
import type { Project } from "../../run/project.js";
import { record } from "../../run/record.js";
import { emptySchema } from "../../schema/build.js";
import { meetings } from "./meet.js";
import { touchStatement } from "./statement.js";
import { emptyTouch, type Touch, touchOp } from "./touch.js";

/** Two revisions on branches beside each other that change the same objects. */
export interface Clash {
  readonly first: Revision;
  readonly second: Revision;
  readonly objects: readonly string[];
}

/** A revision of which, or of a part of which, it is not known what it touches. */
export interface NotAnalysed {
  readonly revision: Revision;
  readonly reason: string;
}

export interface Clashes {
  readonly clashes: readonly Clash[];
  readonly notAnalysed: readonly NotAnalysed[];
}

/**
 * The pairs of revisions that clash, out of all that are on branches which no merge has joined. What a revision
 * touches is found by recording its ops: its function is called without a database. Two that touch nothing in common
 * give the same schema in either order.
 */
export async function findClashes(project: Project): Promise<Clashes> {
  const pairs = parallelPairs(project.graph.finalHeads);
  const byId = new Map(project.revisions.map((revision) => [revision.id, revision]));
  const touches = new Map<string, Touch>();
  const notAnalysed: NotAnalysed[] = [];
  for (const { id } of inOrder(pairs.flat())) {
    const revision = byId.get(id);
    if (revision === undefined) continue;
    const { touch, reasons } = await touchRevision(project, revision);
    touches.set(id, touch);
    notAnalysed.push(...reasons.map((reason) => ({ revision, reason })));
  }
  const clashes = pairs.flatMap(([a, b]): readonly Clash[] => {
    const [first, second] = [byId.get(a.id), byId.get(b.id)];
    const [touchA, touchB] = [touches.get(a.id), touches.get(b.id)];
    if (first === undefined || second === undefined || touchA === undefined || touchB === undefined)
      return [];
    const objects = meetings(touchA, touchB);
    return objects.length === 0 ? [] : [{ first, second, objects }];
  });
  return { clashes, notAnalysed };
}

type Pair = readonly [GraphNode, GraphNode];

/** Every pair of which neither needs the other, once; only of those that not all heads have. */
function parallelPairs(heads: readonly GraphNode[]): readonly Pair[] {
  const below = heads.map((head) => ancestors([head]));
  const pairs = new Map<string, Pair>();
  for (const [at, own] of below.entries()) {
    for (const other of below.slice(at + 1)) {
      const left = inOrder([...own].filter((node) => !other.has(node)));
      const right = inOrder([...other].filter((node) => !own.has(node)));
      for (const a of left) {
        for (const b of right) {
          const pair: Pair = a.position < b.position ? [a, b] : [b, a];
          pairs.set(`${pair[0].position} ${pair[1].position}`, pair);
        }
      }
    }
  }
  return [...pairs.values()];
}

/** What a revision touches on its way up, and why that may not be all. */
export async function touchRevision(
  project: Project,
  revision: Revision,
): Promise<{ readonly touch: Touch; readonly reasons: readonly string[] }> {
  const touch = emptyTouch();
  const reasons: string[] = [];
  const standard = project.dialect.can.defaultNamespace;
  const schema = emptySchema(project.dialect.name);
  try {
    const { ops, queried } = await record(project, revision, "upgrade");
    for (const { op } of ops) {
      if (op.kind !== "execute") {
        touchOp(touch, op, schema, standard);
        continue;
      }
      for (const { sql, effect } of await project.dialect.splitScript(op.sql)) {
        if (effect === "transaction" || touchStatement(touch, sql, standard)) continue;
        reasons.push(`SQL that is not looked into: ${excerpt(sql)}`);
      }
    }
    if (queried) reasons.push("it asks the database, and what it does depends on the answer");
  } catch (thrown) {
    reasons.push(`it could not be recorded: ${messageOf(thrown)}`);
  }
  return { touch, reasons };
}

function excerpt(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
