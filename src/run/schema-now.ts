import { schemaNeed } from "../dialect/dialect.js";
import { applyOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { copySchema } from "../schema/build.js";
import type { Schema, SchemaDraft } from "../schema/schema.js";
import type { RunContext } from "./run-context.js";

/**
 * The database's schema in the middle of a revision. It is inspected when an op first asks for it, and from then on
 * follows the ops, so that a revision of thousands of ops does not inspect thousands of times. Whatever may change the
 * database otherwise, and an op that does not fit what is known, makes it be inspected again.
 */
export class SchemaNow {
  readonly #context: Pick<RunContext, "dialect" | "connection" | "bookkeeping">;
  #known: SchemaDraft | null = null;

  constructor(context: Pick<RunContext, "dialect" | "connection" | "bookkeeping">) {
    this.#context = context;
  }

  /** The schema before `op`; whoever asks looks at it at once. */
  async before(op: Op): Promise<Schema> {
    const { dialect, connection, bookkeeping } = this.#context;
    if (schemaNeed(dialect, op) === "inspected" || !this.#knows(op)) this.#known = null;
    this.#known ??= copySchema(
      await dialect.inspect(connection, {
        namespaces: "all",
        ignoreTables: [bookkeeping.versionTable, bookkeeping.runLogTable],
      }),
    );
    return this.#known;
  }

  /** `op` has run. */
  after(op: Op): void {
    if (this.#known === null) return;
    try {
      if (op.kind === "execute" || !this.#knows(op)) this.forget();
      else applyOp(this.#known, op);
    } catch {
      // The database took it: it has more than what the ops tell.
      this.forget();
    }
  }

  forget(): void {
    this.#known = null;
  }

  /** False where a name has a namespace that an inspection has by another name: the default one, or one out of its sight. */
  #knows(op: Op): boolean {
    if (this.#known === null) return true;
    const { namespaces } = this.#known;
    const made = op.kind === "create-namespace" ? op.namespace.name : null;
    const names = op.kind === "bulk-insert" ? op.table : op;
    return namespacesIn(names).every((name) => name === made || namespaces.has(name));
  }
}

/** The namespaces of all names in plain data. */
function namespacesIn(data: unknown): readonly string[] {
  if (typeof data !== "object" || data === null || data instanceof Date || data instanceof Uint8Array)
    return [];
  const own = "namespace" in data && typeof data.namespace === "string" ? [data.namespace] : [];
  return [...own, ...Object.values(data).flatMap(namespacesIn)];
}
