import { sameData } from "../schema/equal.js";
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
  diffHome(work);
  for (const [key, { name }] of work.from.namespaces) {
    if (!work.to.namespaces.has(key)) work.phases.dropNamespaces.push({ kind: "drop-namespace", name });
  }
}

/** The default namespace is there; a comment that the models do not give it is left alone. */
function diffHome({ from, to, options, phases }: Work): void {
  if (to.home === undefined || sameData(from.home, to.home)) return;
  const { name, comment } = to.home;
  const was = from.home === undefined ? (options.can?.defaultNamespaceComment ?? null) : from.home.comment;
  phases.comments.push({ kind: "set-comment", target: { on: "namespace", name }, comment, was });
}
