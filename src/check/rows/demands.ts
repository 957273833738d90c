import type { Values } from "../../dialect/rows.js";
import type { Expression } from "../../schema/schema.js";

/** What a change asks of the rows of a table beyond what its schema asks of them already. */
export interface Demands {
  /** The table gets no rows at all. */
  readonly empty: boolean;
  /** Columns in which NULL would be refused. */
  readonly notNull: ReadonlySet<string>;
  /** Every foreign key points at a row. */
  readonly pointed: boolean;
  readonly conditions: readonly Expression[];
  /** Values that also fit the type which a column will have. */
  readonly values: ReadonlyMap<string, Values>;
}
