import type { Op } from "./op.js";

/** The name by which other texts speak of what an op makes. */
export function madeName(op: Op): string | undefined {
  switch (op.kind) {
    case "create-table":
      return op.table.name;
    case "create-view":
      return op.view.name;
    case "create-sequence":
      return op.sequence.name;
    case "create-enum":
      return op.enum.name;
    case "create-domain":
      return op.domain.name;
    case "create-composite":
      return op.composite.name;
    case "create-defined":
      return op.object.name;
    case "add-column":
      return op.column.name;
    default:
      return undefined;
  }
}

/** The name by which other texts spoke of what an op takes away. */
export function goneName(op: Op): string | undefined {
  switch (op.kind) {
    case "drop-table":
    case "drop-view":
    case "drop-sequence":
    case "drop-enum":
    case "drop-domain":
    case "drop-composite":
      return op.name.name;
    case "drop-defined":
      return op.object.name;
    case "drop-column":
      return op.column;
    default:
      return undefined;
  }
}

// Without `$`, which may stand in a name but mostly ends a body.
const identifier = /"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*/gu;

/** The names that a text may speak of, in lower case: every word of it counts, also those in quotes and bodies. */
export function namesIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [word] of text.matchAll(identifier)) {
    const name = word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word;
    names.add(name.toLowerCase());
  }
  return names;
}
