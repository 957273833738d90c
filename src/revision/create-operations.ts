import { AsyncLocalStorage } from "node:async_hooks";
import type { Row } from "../dialect/connection.js";
import type { Op, TableOp } from "../op/op.js";
import type { ObjectName } from "../schema/name.js";
import { mistake, toName } from "./directive/check-input.js";
import { createDirectives, type Directives, tableDirectiveNames } from "./directive/directives.js";
import type { Spelling } from "./directive/spelling.js";
import type { NameInput, Operations, TableOperations } from "./operations.js";
import { createQueue, type Failure, type Queue } from "./queue.js";
import { tolerateRejections } from "./rejections.js";

/** Where the operations of a revision go. */
export interface OperationsTarget {
  readonly dialect: Spelling;
  /** What was given with `-x key=value`. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Carries an op out, or writes it down. `autocommit`: outside the revision's transaction. */
  perform(op: Op, options: { readonly autocommit: boolean }): Promise<void>;
  query(sql: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
  /** What was performed so far is to be committed before what comes next. */
  commit?(): void;
  /**
   * Called within the call of the revision's that asks for ops, so that its place can be found; what it gives is told
   * these ops as soon as they are made.
   */
  readonly called?: () => (ops: readonly Op[]) => void;
}

/** Where in the revision's function a call was made. */
type Scope =
  | { readonly kind: "transaction" | "autocommit"; readonly queue: Queue; closed: boolean }
  | { readonly kind: "batch" };

/** What the operations of one revision share. */
interface Session {
  readonly target: OperationsTarget;
  readonly directives: Directives;
  readonly failure: Failure;
  readonly outermost: Extract<Scope, { queue: Queue }>;
}

/**
 * One for all sessions: every promise of the process asks every storage that was ever used (Node 20), so that one for each
 * revision would make each of thousands slower than the one before. None is asked while no session is open.
 */
const scopes = new AsyncLocalStorage<{ readonly session: Session; readonly scope: Scope }>();
let openSessions = 0;

function scopeOf(session: Session): Scope | undefined {
  const store = scopes.getStore();
  return store?.session === session ? store.scope : undefined;
}

function closeSession(): void {
  openSessions -= 1;
  if (openSessions === 0) scopes.disable();
}

/** Puts work where the call belongs; refuses it once the revision's function has ended. */
function enqueue<T>(session: Session, work: (autocommit: boolean) => Promise<T> | T): Promise<T> {
  const scope = scopeOf(session) ?? session.outermost;
  if (scope.kind === "batch") {
    return refuse(
      session,
      "Inside batchAlterTable only its table can be worked on",
      "Move the call before or after it.",
    );
  }
  const open = scope.closed ? session.outermost : scope;
  if (open.closed) {
    // Deliberately not handled: the revision is over, and nobody else would report it.
    return Promise.reject(
      mistake(
        "An operation was called after the revision's function had ended",
        "Put `await` before every call that leads to an operation.",
      ),
    );
  }
  return open.queue.add(() => work(scope.kind === "autocommit"));
}

function refuse(session: Session, message: string, remedy: string): Promise<never> {
  const reason = mistake(message, remedy);
  session.failure.thrown ??= { reason };
  const refused = Promise.reject(reason);
  refused.catch(() => undefined);
  return refused;
}

/** Makes the ops at once, so that a mistake carries the place of the call, and performs them when it is their turn. */
function enqueueOps(session: Session, make: () => readonly Op[]): Promise<void> {
  let ops: readonly Op[];
  try {
    const tell = session.target.called?.();
    ops = make();
    tell?.(ops);
  } catch (reason) {
    return enqueue(session, () => {
      throw reason;
    });
  }
  return enqueue(session, async (autocommit) => {
    for (const op of ops) await session.target.perform(op, { autocommit });
  });
}

/** The operations on one table, collected instead of queued. */
function collectingOperations(
  directives: Directives,
  table: NameInput,
  collect: (make: () => readonly Op[]) => Promise<void>,
): TableOperations {
  const operations = tableDirectiveNames.map((name) => {
    // The inputs belong to the directive of the same name; TypeScript cannot follow that through the list.
    const directive = directives[name] as (table: NameInput, ...input: readonly unknown[]) => readonly Op[];
    return [name, (...input: readonly unknown[]) => collect(() => directive(table, ...input))];
  });
  return Object.freeze(Object.fromEntries(operations)) as TableOperations;
}

async function collectBatch(
  session: Session,
  table: NameInput,
  name: ObjectName,
  changes: (table: TableOperations) => void | Promise<void>,
): Promise<Op<"batch-alter-table">> {
  const ops: TableOp[] = [];
  let mistaken: { readonly reason: unknown } | null = null;
  const operations = collectingOperations(session.directives, table, async (make) => {
    try {
      ops.push(...(make() as readonly TableOp[]));
    } catch (reason) {
      mistaken ??= { reason };
    }
  });
  await scopes.run({ session, scope: { kind: "batch" } }, () => changes(operations));
  if (mistaken !== null) throw (mistaken as { readonly reason: unknown }).reason;
  if (ops.length > 0) return { kind: "batch-alter-table", name, ops };
  throw mistake(
    "batchAlterTable was given nothing to change",
    "Call at least one method of the table it hands over.",
  );
}

function batchAlterTable(
  session: Session,
  table: NameInput,
  changes: (table: TableOperations) => void | Promise<void>,
): Promise<void> {
  const tell = session.target.called?.();
  return enqueue(session, async (autocommit) => {
    const name = toName("batchAlterTable", "table", table);
    const op = await collectBatch(session, table, name, changes);
    tell?.([op]);
    await session.target.perform(op, { autocommit });
  });
}

/** The function runs when it is its turn and has a queue of its own, so that what follows it waits for all of it. */
function autocommit(session: Session, body: () => void | Promise<void>): Promise<void> {
  if (scopeOf(session)?.kind === "autocommit") return Promise.resolve(body());
  return enqueue(session, async () => {
    const scope: Scope = { kind: "autocommit", queue: createQueue(session.failure), closed: false };
    try {
      await scopes.run({ session, scope }, body);
    } finally {
      await scope.queue.idle();
      scope.closed = true;
    }
    if (session.failure.thrown !== null) throw session.failure.thrown.reason;
  });
}

function createSession(target: OperationsTarget): Session {
  const failure: Failure = { thrown: null };
  return {
    target,
    directives: createDirectives(target.dialect),
    failure,
    outermost: { kind: "transaction", queue: createQueue(failure), closed: false },
  };
}

function operationsOf(session: Session): Operations {
  const { target, directives } = session;
  const queued = Object.entries(directives).map(([name, directive]) => {
    const make = directive as (...input: readonly unknown[]) => readonly Op[];
    return [name, (...input: readonly unknown[]) => enqueueOps(session, () => make(...input))];
  });
  const others: Pick<
    Operations,
    "dialect" | "arguments" | "batchAlterTable" | "autocommit" | "commit" | "query"
  > = {
    dialect: target.dialect.name,
    arguments: target.arguments,
    batchAlterTable: (table, changes) => batchAlterTable(session, table, changes),
    autocommit: (body) => autocommit(session, body),
    commit: () => enqueue(session, () => target.commit?.()),
    query: <R extends Row>(sql: string, parameters: readonly unknown[] = []) =>
      enqueue(session, async () => (await target.query(sql, parameters)) as readonly R[]),
  };
  // Every directive is in `queued` because `Directives` is total.
  return Object.freeze({ ...Object.fromEntries(queued), ...others }) as Operations;
}

/**
 * The `op` that a revision's functions are given.
 *
 * Operations run strictly one after another in the order they are called, awaited or not. After the first failure
 * nothing more is performed. `settle` is to be called when the function has ended: it waits until everything is done
 * and throws the first failure, whoever saw it before. A call after that is an error.
 */
export function createOperations(target: OperationsTarget): {
  readonly op: Operations;
  settle(): Promise<void>;
  /** Instead of `settle`, for a function that will never end: gives up what it holds. */
  abandon(): void;
} {
  const session = createSession(target);
  openSessions += 1;
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSession();
    isOpen = false;
  };
  const { failure, outermost } = session;
  const tolerated = tolerateRejections(() => failure.thrown?.reason ?? failure);
  return {
    op: operationsOf(session),
    abandon() {
      tolerated();
      close();
    },
    async settle() {
      await outermost.queue.idle();
      outermost.closed = true;
      tolerated();
      close();
      if (failure.thrown !== null) throw failure.thrown.reason;
    },
  };
}
