import { commentDiffers, type Work } from "./work.js";

/** Namespaces: made before everything, dropped after everything. */
export function diffNamespaces(work: Work): void {
  for (const [key, to] of work.to.namespaces) {
    const from = work.from.namespaces.get(key);
    if (from === undefined) work.phases.createNamespaces.push({ kind: "create-namespace", namespace: to });
    else if (commentDiffers(work, from, to)) {
      const target = { on: "namespace", name: to.name } as const;
      work.phases.comments.push({ kind: "set-comment", target, comment: to.comment });
    }
  }
  for (const [key, { name }] of work.from.namespaces) {
    if (!work.to.namespaces.has(key)) work.phases.dropNamespaces.push({ kind: "drop-namespace", name });
  }
}
