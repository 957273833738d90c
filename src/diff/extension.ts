import { sameName, showName } from "../schema/name.js";
import type { Extension } from "../schema/schema.js";
import type { Work } from "./work.js";

/** Extensions. A version or namespace that one side leaves open fits any. */
export function diffExtensions(work: Work): void {
  for (const [key, to] of work.to.extensions) {
    const from = work.from.extensions.get(key);
    if (from === undefined) work.phases.createExtensions.push({ kind: "create-extension", extension: to });
    else alterExtension(work, from, to);
  }
  for (const [key, { name }] of work.from.extensions) {
    if (!work.to.extensions.has(key)) work.phases.dropExtensions.push({ kind: "drop-extension", name });
  }
}

function alterExtension(work: Work, from: Extension, to: Extension): void {
  const { name, version, namespace } = to;
  const updates = from.version !== null && version !== null && from.version !== version;
  const moves = namespace !== null && from.namespace !== namespace;
  const column = moves ? movedColumn(work, from.namespace, namespace) : null;
  if (column !== null) {
    work.warnings.push(
      `Extension ${name} should be in schema ${namespace}: its types move with it, ` +
        `that of ${column} for one. Move it with SQL of your own (op.execute) in a revision before this one.`,
    );
  }
  const moved = moves && column === null;
  if (!updates && !moved) return;
  const changes = { ...(updates ? { version } : {}), ...(moved ? { namespace } : {}) };
  work.phases.createExtensions.push({ kind: "alter-extension", name, changes });
}

/** A column whose type goes the way of the extension, so that it is not a change of the column. */
function movedColumn(work: Work, from: string | null, to: string): string | null {
  for (const [key, table] of work.to.tables) {
    const before = work.from.tables.get(key);
    for (const { name, type } of table.columns) {
      const old = before?.columns.find((one) => one.name === name)?.type;
      if (old === undefined || sameName(old, type) || old.name !== type.name) continue;
      if ((old.namespace ?? from) === from && (type.namespace ?? to) === to)
        return `${showName(table)}.${name}`;
    }
  }
  return null;
}
