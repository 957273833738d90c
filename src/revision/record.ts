import type { Op } from "../op/op.js";
import { createOperations, type OperationsTarget } from "./create-operations.js";
import type { Spelling } from "./directive/spelling.js";
import type { RevisionDefinition } from "./operations.js";

/** An op and how the revision asks for it to be carried out. */
export interface RecordedOp {
  readonly op: Op;
  readonly autocommit: boolean;
  /** It is committed before the next one. */
  readonly committed?: boolean;
}

/** What a revision does, as data. */
export interface Recording {
  readonly ops: readonly RecordedOp[];
  /**
   * The revision asked the database something, and what it does depends on the answer: `ops` holds only what came
   * before, and the revision has to be replayed on a scratch database.
   */
  readonly queried: boolean;
}

/** A function of a revision as one that can be called; a reason instead of a way back has no ops. */
export function directionOf(
  definition: RevisionDefinition,
  direction: "upgrade" | "downgrade",
): RevisionDefinition["upgrade"] | null {
  const run = definition[direction];
  return typeof run === "string" ? null : run;
}

/**
 * Runs a revision's function without a database and writes down what it does. Where it calls `op.query` it is left
 * standing there, because there is no answer.
 *
 * @throws AludelError `revision-invalid` for mistakes in calls, and whatever the function throws itself.
 */
export async function recordRevision(
  definition: RevisionDefinition,
  direction: "upgrade" | "downgrade",
  options: {
    readonly dialect: Spelling;
    readonly arguments?: Readonly<Record<string, string>>;
    readonly called?: OperationsTarget["called"];
  },
): Promise<Recording> {
  const run = directionOf(definition, direction);
  const ops: RecordedOp[] = [];
  if (run === null) return { ops, queried: false };
  let stop: (reached: "queried") => void = () => undefined;
  const queried = new Promise<"queried">((resolve) => {
    stop = resolve;
  });
  const target: OperationsTarget = {
    dialect: options.dialect,
    arguments: options.arguments ?? {},
    ...(options.called === undefined ? {} : { called: options.called }),
    async perform(op, { autocommit }) {
      ops.push({ op, autocommit });
    },
    commit() {
      const last = ops.pop();
      if (last !== undefined) ops.push({ ...last, committed: true });
    },
    query() {
      stop("queried");
      return new Promise(() => undefined);
    },
  };
  const { op, settle, abandon } = createOperations(target);
  const finished = (async () => {
    try {
      await run(op);
    } finally {
      await settle();
    }
    return "finished" as const;
  })();
  const reached = await Promise.race([finished, queried]);
  if (reached === "queried") abandon();
  return { ops: [...ops], queried: reached === "queried" };
}
