import type { FilterKind } from "./kinds.js";
import type { Pattern } from "./pattern.js";

/** One side of a filter. An empty list says nothing. */
export interface FilterRules {
  /** Namespaces. */
  readonly schemas: readonly Pattern[];
  /** Tables, and views, foreign tables and virtual tables, which are used like them. */
  readonly tables: readonly Pattern[];
  readonly kinds: readonly FilterKind[];
}

/** What of a database and of the models is looked at. */
export interface Filters {
  readonly include: FilterRules;
  readonly exclude: FilterRules;
  /** What repeatable revisions make, by `madeKey`: they look after it themselves. */
  readonly repeatable?: ReadonlySet<string>;
}

/** An object by which it is known to be made by a repeatable revision. Views and tables share their names. */
export function madeKey(
  kind: string,
  { namespace, name }: { readonly namespace: string | null; readonly name: string },
  defaultNamespace: string | null,
): string {
  const shared = kind === "view" || kind === "table" ? "relation" : kind;
  const own = namespace?.toLowerCase() ?? null;
  const shown = own === defaultNamespace?.toLowerCase() ? null : own;
  return JSON.stringify([shared, shown, name.toLowerCase()]);
}

const nothing: FilterRules = { schemas: [], tables: [], kinds: [] };

/** Filters that leave nothing out but what is left out by default. */
export const defaultFilters: Filters = { include: nothing, exclude: nothing };
