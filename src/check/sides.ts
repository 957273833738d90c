import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { asksForGrants } from "../config/grants.js";
import type { Connection } from "../dialect/connection.js";
import type { Scope, Scratch, Uninspected } from "../dialect/dialect.js";
import { filterSchema, filterUninspected, type LeftOut } from "../filter/filter.js";
import type { Filters } from "../filter/rules.js";
import { planOnGraph } from "../revision/graph/plan-revisions.js";
import { ownTables, type Project } from "../run/project.js";
import { replay } from "../run/replay.js";
import type { Schema } from "../schema/schema.js";
import { loadSource } from "../source/registry.js";
import type { Silence } from "./adopt.js";
import { filterFound, filterOwn, foundOptions, ownOptions } from "./filtered.js";
import { readModels } from "./read-models.js";

/** One side of a diff, as a user names it. */
export type Side =
  | { readonly kind: "models" }
  | { readonly kind: "database" }
  | { readonly kind: "sql"; readonly file: string }
  /** `base` is the empty schema, `heads` the replay of all revisions. */
  | { readonly kind: "revision"; readonly target: string };

/** `models`, `database`, a `.sql` file, or a target of the revisions. */
export function parseSide(text: string, directory: string): Side {
  if (text === "models" || text === "database") return { kind: text };
  if (text.endsWith(".sql") && existsSync(resolve(directory, text)))
    return { kind: "sql", file: resolve(directory, text) };
  return { kind: "revision", target: text };
}

/** A side, read. */
export interface ReadSide {
  readonly schema: Schema;
  /** What it has no words for; only models have any. */
  readonly unsaid: Silence;
  /** Objects of a database that are left out, because there is no record for them. */
  readonly uninspected: readonly Uninspected[];
  /** What filters leave out. */
  readonly leftOut: readonly LeftOut[];
  /** Where the models stand. */
  readonly files?: readonly string[];
  /** What filters leave out of models, for scratch databases. */
  readonly standIns?: Schema;
}

/** What reading a side may need. */
export interface SideAccess {
  readonly openScratch: () => Promise<Scratch>;
  readonly connect: () => Promise<Connection>;
}

/** Reads every side but the database's own, which needs the other one first (`inspectLike`). */
export async function readSide(
  project: Project,
  side: Exclude<Side, { readonly kind: "database" }>,
  access: SideAccess,
): Promise<ReadSide> {
  switch (side.kind) {
    case "models": {
      const models = await readModels(project.config, project.dialect.name, access.openScratch);
      const { schema, unsaid, files, leftOut, standIns } = models;
      return { schema, unsaid, files, uninspected: [], leftOut, standIns };
    }
    case "sql": {
      const source = await loadSource("sql");
      const schema = await source.read({
        root: project.config.root,
        files: [side.file],
        dialect: project.dialect.name,
        openScratch: access.openScratch,
      });
      return { ...filterOwn(project, schema), unsaid: source.unsaid, uninspected: [] };
    }
    case "revision": {
      const plan = planOnGraph(project.graph, { rows: [], command: "upgrade", target: side.target });
      const schema = await replay(project, plan.rows, access.openScratch);
      return { ...filterOwn(project, schema), unsaid: [], uninspected: [] };
    }
  }
}

/** The database, inspected in the default namespace and those that the other side speaks of. */
export async function inspectLike(
  project: Project,
  connection: Connection,
  other: Schema | null,
  otherTools: "ignore" | "keep" = "ignore",
): Promise<ReadSide> {
  const scope: Scope = {
    namespaces: other === null ? "all" : scopeOf(project.config.filters, other),
    ...(other !== null && { named: namespacesOf(other) }),
    ignoreTables: ownTables(project.config),
    grants: asksForGrants(project.config.filters),
  };
  const found = await project.dialect.inspect(connection, scope);
  const filtering = otherTools === "keep" ? ownOptions(project) : foundOptions(project, other);
  const { filters } = project.config;
  const { schema, leftOut } = filterSchema(filters, found, filtering);
  const rest = await project.dialect.uninspected(connection, scope);
  const uninspected = filterUninspected(filters, rest, found, filtering);
  return { schema, unsaid: [], uninspected, leftOut };
}

/** The namespaces that the other side speaks of, and those that the configuration names. */
function scopeOf({ include }: Filters, other: Schema): Scope["namespaces"] {
  const named = [
    ...include.schemas,
    ...include.tables.flatMap(({ namespace }) => (namespace ? [namespace] : [])),
  ];
  return named.length === 0 ? namespacesOf(other) : "all";
}

/**
 * The schema that revisions lead to, held against what somebody wrote: what other tools have made, a revision of
 * theirs or by hand, is not dropped because the models do not have it.
 */
export function againstOwn(
  project: Project,
  side: Side,
  read: ReadSide,
  other: Side,
  owned: Schema,
): ReadSide {
  if (side.kind !== "revision" || (other.kind !== "models" && other.kind !== "sql")) return read;
  const { schema, leftOut } = filterFound(project, read.schema, owned);
  return { ...read, schema, leftOut: [...read.leftOut, ...leftOut] };
}

/** The namespaces beside the default one that a schema has objects in. */
export function namespacesOf(schema: Schema): readonly string[] {
  const names = new Set<string>(schema.namespaces.keys());
  for (const objects of [schema.tables, schema.views, schema.enums, schema.sequences]) {
    for (const { namespace } of objects.values()) if (namespace !== null) names.add(namespace);
  }
  return [...names];
}
