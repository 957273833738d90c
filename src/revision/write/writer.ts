import type { Dialect } from "../../dialect/dialect.js";
import type { Spelling } from "../directive/spelling.js";
import type { Node } from "./print.js";

/** What kinds of plain values the place admits. */
export type Admits = Readonly<Partial<Record<"string" | "number" | "bigint" | "boolean", boolean>>>;

/** What the writing of one revision file knows and gathers. */
export interface Writer {
  readonly dialect: Spelling & Partial<Pick<Dialect, "compile">>;
  /** Enums by `nameKey`, so that their columns read as what they are. */
  readonly enums: ReadonlySet<string>;
  /** What the file has to import beside `defineRevision`; filled while it is written. */
  readonly imports: Set<"sql" | "t">;
  /** Types that have been written, by what they are. */
  readonly types: Map<string, { readonly node: Node; readonly admits: Admits }>;
}
