import { type Filtered, type FilterOptions, filterSchema } from "../filter/filter.js";
import type { Project } from "../run/project.js";
import type { Schema } from "../schema/schema.js";

type Filtering = Pick<Project, "config" | "dialect">;

/** How a schema is filtered that somebody wrote: what is in it is not another tool's. */
export function ownOptions({ dialect }: Pick<Project, "dialect">): FilterOptions {
  return { defaultNamespace: dialect.can.defaultNamespace, otherTools: null };
}

/** How a schema is filtered in which other tools may have objects; what `owned` has is not theirs. */
export function foundOptions({ dialect }: Pick<Project, "dialect">, owned: Schema | null): FilterOptions {
  return { defaultNamespace: dialect.can.defaultNamespace, otherTools: { owned } };
}

/** What somebody wrote down (models, SQL files), without what the configuration leaves out. */
export function filterOwn(project: Filtering, schema: Schema): Filtered {
  return filterSchema(project.config.filters, schema, ownOptions(project));
}

/**
 * What is found in a database, or what revisions lead to, without what the configuration leaves out and other tools
 * keep. `owned` is the other side of the diff; `null` when there is none.
 */
export function filterFound(project: Filtering, schema: Schema, owned: Schema | null): Filtered {
  return filterSchema(project.config.filters, schema, foundOptions(project, owned));
}
