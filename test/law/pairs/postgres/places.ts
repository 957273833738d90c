import type { Choices } from "../choices.js";
import { type Draft, literal, quoted } from "../item.js";

export const namespaces = ["billing", 'My "App"'];

/** Namespaces beside the default one. */
export function addNamespaces(choices: Choices, draft: Draft): void {
  for (const name of namespaces) {
    const id = `schema ${name}`;
    if (!choices.chance(id, 0.35)) continue;
    draft.add({ id, kind: "schema", needs: [], sql: `CREATE SCHEMA ${quoted(name)}` });
    addComment(choices, draft, id, `SCHEMA ${quoted(name)}`);
  }
}

/** Where an object lives: mostly in the default namespace, which is not written. */
export function place(
  choices: Choices,
  name: string,
): { readonly needs: readonly string[]; readonly prefix: string } {
  const namespace = choices.pick(`${name}/namespace`, [null, null, null, null, null, "billing", 'My "App"']);
  if (namespace === null) return { needs: [], prefix: "" };
  return { needs: [`schema ${namespace}`], prefix: `${quoted(namespace)}.` };
}

const comments = ["plain", 'it\'s \\ a "comment"; --', "naïve ü\nin two lines", "$$ $1"] as const;

/** A comment on what an item makes, sometimes. */
export function addComment(choices: Choices, draft: Draft, id: string, what: string): void {
  const name = `${id}/comment`;
  if (!choices.chance(name, 0.12)) return;
  const text = literal(choices.pick(`${name} text`, [...comments]));
  draft.add({ id: name, kind: "comment", needs: [id], sql: `COMMENT ON ${what} IS ${text}` });
}
