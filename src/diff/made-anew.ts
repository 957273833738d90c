import type { Op } from "../op/op.js";
import { definedKey, showDefined } from "../schema/address.js";
import { nameKey, showName } from "../schema/name.js";
import type { DefinedKind, Schema } from "../schema/schema.js";

/** Objects that somebody is granted something on, by their drop or their creation; `null` for every other op. */
function granted(op: Op): { readonly key: string; readonly shown: string; readonly drops: boolean } | null {
  switch (op.kind) {
    case "drop-view":
      return { key: `view ${nameKey(op.name)}`, shown: `view ${showName(op.name)}`, drops: true };
    case "create-view":
      return { key: `view ${nameKey(op.view)}`, shown: "", drops: false };
    case "drop-sequence":
      return { key: `sequence ${nameKey(op.name)}`, shown: `sequence ${showName(op.name)}`, drops: true };
    case "create-sequence":
      return { key: `sequence ${nameKey(op.sequence)}`, shown: "", drops: false };
    case "drop-domain":
      return { key: `domain ${nameKey(op.name)}`, shown: `domain ${showName(op.name)}`, drops: true };
    case "create-domain":
      return { key: `domain ${nameKey(op.domain)}`, shown: "", drops: false };
    case "drop-defined":
    case "create-defined":
      if (!grantable.has(op.object.kind)) return null;
      return {
        ...{ key: definedKey(op.object), shown: showDefined(op.object) },
        drops: op.kind === "drop-defined",
      };
    default:
      return null;
  }
}

const grantable: ReadonlySet<DefinedKind> = new Set([
  "function",
  "procedure",
  "aggregate",
  "foreign-table",
  "server",
  "range",
]);

/**
 * What a person should know of objects that are dropped and made again: the privileges on them are gone (manual, 5.8).
 * `null` without such objects, and where the schema has privileges, so that the ops give them again.
 */
export function madeAnew(before: Schema, ops: readonly Op[]): string | null {
  if ([...before.defined.values()].some(({ kind }) => kind === "grant")) return null;
  const dropped = new Map<string, string>();
  const again: string[] = [];
  for (const op of ops) {
    const found = granted(op);
    if (found === null) continue;
    const shown = dropped.get(found.key);
    if (found.drops) dropped.set(found.key, found.shown);
    else if (shown !== undefined) again.push(shown);
  }
  if (again.length === 0) return null;
  const last = again.at(-1);
  const list = again.length === 1 ? `${last} is` : `${again.slice(0, -1).join(", ")} and ${last} are`;
  return `${list.charAt(0).toUpperCase()}${list.slice(1)} dropped and made again: what was granted on ${again.length === 1 ? "it" : "them"} is gone, grant it again here.`;
}
