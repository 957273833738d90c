import type { Dialect } from "../../dialect/dialect.js";
import { messageOf } from "../../error/error.js";
import { ancestors } from "../../revision/graph/closure.js";
import type { Graph } from "../../revision/graph/graph.js";
import type { GraphNode } from "../../revision/graph/node.js";
import { inOrder } from "../../revision/graph/order.js";
import type { Revision } from "../../revision/revision.js";
import { emptySchema } from "../../schema/build.js";
import { meetings } from "./meet.js";
import { readOps } from "./read-ops.js";
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

/** Revisions whose texts can be had, and how to read them. */
export interface Clashing {
  readonly dialect: Dialect;
  readonly arguments: Readonly<Record<string, string>>;
  readonly revisions: readonly Revision[];
  readonly graph: Graph;
  readonly textOf: (revision: Revision) => Promise<string>;
}

/**
 * The pairs of revisions that clash, out of all that are on branches which no merge has joined, and of these out of those that
 * are `wanted`. What a revision touches is read from its text: nothing of it is run. Two that touch nothing in common give the
 * same schema in either order; one that cannot be read may touch anything.
 */
export async function findClashes(
  clashing: Clashing,
  wanted: (a: Revision, b: Revision) => boolean = () => true,
): Promise<Clashes> {
  const byId = new Map(clashing.revisions.map((revision) => [revision.id, revision]));
  const pairs = parallelPairs(clashing.graph.finalHeads).flatMap(([a, b]) => {
    const [first, second] = [byId.get(a.id), byId.get(b.id)];
    if (first === undefined || second === undefined || !wanted(first, second)) return [];
    return [{ first, second }];
  });
  const touches = new Map<Revision, Touched>();
  const notAnalysed: NotAnalysed[] = [];
  for (const revision of new Set(pairs.flatMap(({ first, second }) => [first, second]))) {
    const touched = await touchRevision(clashing, revision, await clashing.textOf(revision));
    touches.set(revision, touched);
    notAnalysed.push(...touched.reasons.map((reason) => ({ revision, reason })));
  }
  const clashes = pairs.flatMap(({ first, second }): readonly Clash[] => {
    const [a, b] = [touches.get(first), touches.get(second)];
    const objects = a === undefined || b === undefined ? [] : meetingsOf(first, a, second, b);
    return objects.length === 0 ? [] : [{ first, second, objects }];
  });
  return { clashes, notAnalysed };
}

/** Where one may touch anything, that is all there is to say. */
function meetingsOf(first: Revision, a: Touched, second: Revision, b: Touched): readonly string[] {
  const unknown = [a.anything ? first.id : null, b.anything ? second.id : null].filter((id) => id !== null);
  if (unknown.length === 0) return meetings(a.touch, b.touch);
  return [
    `anything: ${unknown.join(" and ")} could not be read without running ${unknown.length > 1 ? "them" : "it"}`,
  ];
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

/** What a revision touches. */
export interface Touched {
  readonly touch: Touch;
  /** It could not be read. */
  readonly anything: boolean;
  /** Why `touch` may not be all. */
  readonly reasons: readonly string[];
}

/** What a revision touches on its way up, read from its text. */
export async function touchRevision(
  { dialect, arguments: given }: Pick<Clashing, "dialect" | "arguments">,
  revision: Revision,
  text: string,
): Promise<Touched> {
  const touch = emptyTouch();
  const reasons: string[] = [];
  const standard = dialect.can.defaultNamespace;
  const schema = emptySchema(dialect.name);
  const read = await readOps(revision, text, { dialect, arguments: given });
  if ("unreadable" in read) {
    const reason = `it could not be read without running it: ${read.unreadable}`;
    return { touch, anything: true, reasons: [reason] };
  }
  try {
    for (const op of read.ops) {
      if (op.kind !== "execute") {
        touchOp(touch, op, schema, standard);
        continue;
      }
      for (const { sql, effect } of await dialect.splitScript(op.sql)) {
        if (effect === "transaction" || touchStatement(touch, sql, standard)) continue;
        reasons.push(`SQL that is not looked into: ${excerpt(sql)}`);
      }
    }
  } catch (thrown) {
    return { touch, anything: true, reasons: [`its SQL could not be read: ${messageOf(thrown)}`] };
  }
  return { touch, anything: false, reasons };
}

function excerpt(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
