import type { ObjectName } from "../../schema/name.js";
import type { Index, View } from "../../schema/schema.js";
import { type Token, tokenize } from "./token.js";

/** The identifiers of some SQL, as the engine folds them. Text that cannot be split mentions nothing. */
export function mentionedNames(sql: string | null): ReadonlySet<string> {
  const tokens: readonly Token[] = sql === null ? [] : (tokenize(sql) ?? []);
  return new Set(
    tokens.flatMap((token) => (token.kind === "word" || token.kind === "quoted" ? [token.value] : [])),
  );
}

/** True when some SQL has the name in it, as far as its tokens tell: rather once too often than once too few. */
export function mentions(sql: string | null, name: string): boolean {
  return sql?.includes(name.replaceAll('"', '""')) === true || mentionedNames(sql).has(name);
}

/** True when an index has an expression or a predicate that mentions the name. */
export function indexMentions(index: Index, name: string): boolean {
  return index.keys.some((key) => mentions(key.expression, name)) || mentions(index.where, name);
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

/** The views that read one of the objects, themselves or through another view, in dependency order. */
export function viewsOver(objects: readonly ObjectName[], views: readonly View[]): readonly View[] {
  const reached = new Set(objects.map((object) => object.name));
  return inDependencyOrder(views).filter((view) => {
    const names = mentionedNames(view.definition);
    if (![...reached].some((name) => names.has(name))) return false;
    reached.add(view.name);
    return true;
  });
}
