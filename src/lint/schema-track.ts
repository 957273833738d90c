import { copySchema, emptySchema } from "../schema/build.js";
import type { DialectName } from "../schema/name.js";
import type { Schema, SchemaDraft } from "../schema/schema.js";

/**
 * The schema as ops alone tell it, for the few ops that are written as SQL with regard to what was there. What SQL text
 * has made is not in it; ops on that cannot be written, and are named as not analysed.
 */
export class SchemaTrack {
  readonly #dialect: DialectName;
  readonly #start: () => Schema;
  #draft: SchemaDraft | null = null;

  /** `start` is asked when an op comes first: SQL asks for no schema. */
  constructor(dialect: DialectName, start: () => Schema = () => emptySchema(dialect)) {
    this.#dialect = dialect;
    this.#start = start;
  }

  /** A track of its own, for a way back. */
  fork(): SchemaTrack {
    const now = copySchema(this.now);
    return new SchemaTrack(this.#dialect, () => now);
  }

  get now(): Schema {
    return this.#own();
  }

  change(by: (draft: SchemaDraft) => void): void {
    by(this.#own());
  }

  #own(): SchemaDraft {
    this.#draft ??= copySchema(this.#start());
    return this.#draft;
  }
}
