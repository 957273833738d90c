import type { Act, ActKind } from "../../../effect/act.js";

/** The passes of ALTER TABLE (`AlterTablePass` in the server's tablecmds.c); what is in none keeps its place between them. */
const passes: Partial<Readonly<Record<ActKind, number>>> = {
  "drop-column": 1,
  "drop-constraint": 1,
  "drop-not-null": 1,
  "drop-identity": 1,
  "drop-expression": 1,
  "alter-type": 2,
  "add-column": 3,
  "set-expression": 4,
  "set-default": 6,
  "drop-default": 6,
  "set-not-null": 6,
  "add-identity": 6,
};

export function passOf(act: Act): number {
  if (act.kind === "add-constraint")
    return act.constraint.kind === "foreign-key" ? 8 : act.constraint.kind === "check" ? 5 : 7;
  return "part" in act ? (passes[act.kind] ?? 9) : 0;
}
