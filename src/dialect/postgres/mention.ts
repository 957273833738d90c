import type { ObjectName } from "../../schema/name.js";
import type { View } from "../../schema/schema.js";
import { type Token, tokenize } from "./token.js";

const isName = (token: Token | undefined) => token?.kind === "word" || token?.kind === "quoted";

/** The identifiers of some SQL, as the engine folds them. Text that cannot be split mentions nothing. */
export function mentionedNames(sql: string | null): ReadonlySet<string> {
  const tokens = sql === null ? [] : (tokenize(sql) ?? []);
  return new Set(tokens.flatMap((token) => (isName(token) ? [token.value] : [])));
}

/** True when some SQL has the name as an identifier; true, too, when it cannot be split and has the letters. */
export function mentions(sql: string | null, name: string): boolean {
  if (sql?.includes(name.replaceAll('"', '""')) !== true && sql?.toLowerCase().includes(name) !== true)
    return false;
  const tokens = tokenize(sql);
  return tokens === null || tokens.some((token) => isName(token) && token.value === name);
}

/** True when some SQL has the name of a sequence in a string constant, as `nextval` takes it. */
export function mentionsInConstant(sql: string, name: string): boolean {
  const tokens = tokenize(sql) ?? [];
  return tokens.some((token) => token.kind === "string" && token.value.includes(name.replaceAll('"', '""')));
}

/** True when some SQL names a type in a cast: `::mood`, `CAST(… AS billing.mood)`, `mood 'sad'`. */
export function mentionsType(sql: string | null, name: string): boolean {
  if (!mentions(sql, name)) return false;
  const tokens = tokenize(sql ?? "");
  if (tokens === null) return true;
  return tokens.some((token, place) => {
    if (!isName(token) || token.value !== name) return false;
    const first = tokens[place - 1]?.text === "." ? place - 2 : place;
    const before = tokens[first - 1];
    return before?.text === "::" || before?.value === "as" || tokens[place + 1]?.kind === "string";
  });
}

/** The views so that each comes after those it reads; views that do not depend on one another keep their order. */
export function inDependencyOrder(views: readonly View[]): readonly View[] {
  const names = new Map(views.map((view) => [view, mentionedNames(view.definition)]));
  const sorted: View[] = [];
  const visited = new Set<View>();
  const visit = (view: View) => {
    if (visited.has(view)) return;
    visited.add(view);
    for (const other of views) {
      if (other !== view && names.get(view)?.has(other.name) === true) visit(other);
    }
    sorted.push(view);
  };
  for (const view of views) visit(view);
  return sorted;
}

/** The views that read one of the objects or are concerned themselves, directly or through another view, in order. */
export function viewsOver(
  objects: readonly ObjectName[],
  views: readonly View[],
  concerned: (view: View) => boolean = () => false,
): readonly View[] {
  const reached = new Set(objects.map((object) => object.name));
  return inDependencyOrder(views).filter((view) => {
    const names = mentionedNames(view.definition);
    if (!concerned(view) && ![...reached].some((name) => names.has(name))) return false;
    reached.add(view.name);
    return true;
  });
}
