import type { OpKind } from "../../op/op.js";

/** Kinds of ops whose calls have a gentle form. */
export const fixableKinds: ReadonlySet<OpKind> = new Set<OpKind>([
  "create-index",
  "drop-index",
  "add-constraint",
  "alter-column",
  "add-column",
  "drop-table",
  "batch-alter-table",
]);
