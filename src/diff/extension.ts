import type { Extension } from "../schema/schema.js";
import type { Work } from "./work.js";

/** Extensions. A version or namespace that one side leaves open fits any. */
export function diffExtensions(work: Work): void {
  for (const [key, to] of work.to.extensions) {
    const from = work.from.extensions.get(key);
    if (from === undefined) work.phases.createExtensions.push({ kind: "create-extension", extension: to });
    else warnAboutExtension(work, from, to);
  }
  for (const [key, { name }] of work.from.extensions) {
    if (!work.to.extensions.has(key)) work.phases.dropExtensions.push({ kind: "drop-extension", name });
  }
}

/** No op changes an extension: to drop it would drop every column of its types. So a person is told. */
function warnAboutExtension(work: Work, from: Extension, to: Extension): void {
  if (from.version !== null && to.version !== null && from.version !== to.version) {
    work.warnings.push(
      `Extension ${to.name} has version ${from.version} and should have ${to.version}: ` +
        "update it with SQL of your own (op.execute).",
    );
  }
  if (from.namespace !== null && to.namespace !== null && from.namespace !== to.namespace) {
    work.warnings.push(
      `Extension ${to.name} is in schema ${from.namespace} and should be in ${to.namespace}: ` +
        "move it with SQL of your own (op.execute).",
    );
  }
}
