import type { Dialect } from "../dialect/dialect.js";
import { applyOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { copySchema, emptySchema } from "../schema/build.js";
import type { Schema, SchemaDraft } from "../schema/schema.js";

/**
 * The schema as ops alone tell it, for the few ops that are written as SQL with regard to what was there. What SQL text
 * has made is not in it; ops on that cannot be written, and are named as not analysed.
 */
export class SchemaTrack {
  readonly #dialect: Dialect;
  #draft: SchemaDraft;

  constructor(dialect: Dialect, schema?: Schema) {
    this.#dialect = dialect;
    this.#draft = copySchema(schema ?? emptySchema(dialect.name));
  }

  /** A track of its own, for a way back. */
  fork(): SchemaTrack {
    return new SchemaTrack(this.#dialect, this.#draft);
  }

  get now(): Schema {
    return this.#draft;
  }

  apply(op: Op): void {
    if (op.kind === "execute") return;
    try {
      applyOp(this.#draft, op);
    } catch {
      // It stands on something that SQL text has made.
    }
  }
}
