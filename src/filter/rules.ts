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
}

const nothing: FilterRules = { schemas: [], tables: [], kinds: [] };

/** Filters that leave nothing out but what is left out by default. */
export const defaultFilters: Filters = { include: nothing, exclude: nothing };
