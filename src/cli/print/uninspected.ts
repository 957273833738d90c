import type { Uninspected } from "../../dialect/dialect.js";
import { showName } from "../../schema/name.js";
import type { Output } from "../output.js";

const mostNames = 5;

/** Says which objects were not looked at, a line for each kind: they are left alone, but nobody should think they are seen. */
export function tellUninspected(out: Output, objects: readonly Uninspected[]): void {
  const byKind = new Map<string, string[]>();
  for (const { kind, name, table } of objects) {
    const names = byKind.get(kind) ?? [];
    names.push(table === null ? showName(name) : `${name.name} of ${showName(table)}`);
    byKind.set(kind, names);
  }
  for (const [kind, names] of byKind) {
    const shown = names.slice(0, mostNames).join(", ");
    const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
    out.talk(`Not looked at, and left alone: ${names.length} × ${kind}: ${shown}${more}`);
  }
}
