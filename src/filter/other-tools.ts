import { nameKey, type ObjectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import type { FilterKind } from "./kinds.js";
import { decide, fitsName, type Pattern, readPattern } from "./pattern.js";
import type { Filters } from "./rules.js";
import { type ToolRule, toolRules } from "./tool-rules.js";

/** Where an object stands: what is asked of `ownerOf`. */
interface Standing {
  readonly kind: FilterKind;
  readonly namespace: string | null | undefined;
  readonly tables: readonly ObjectName[];
  readonly shown: string;
}

/** Which objects of a schema are other tools' own. */
export interface OtherTools {
  /** The tool that the object belongs to, or `null`. */
  ownerOf(object: Standing): string | null;
}

interface Options {
  readonly defaultNamespace: string | null;
  readonly otherTools: { readonly owned: Schema | null } | null;
}

/**
 * Finds what other tools keep in a database. What the models have (`owned`), and what `exclude` takes out again with
 * `!`, is nobody else's.
 */
export function otherToolsIn(schema: Schema, filters: Filters, options: Options): OtherTools {
  const { defaultNamespace } = options;
  const owned = options.otherTools?.owned ?? null;
  const namespaces = new Map<string, string>();
  const tables = new Map<string, string>();
  const eventTriggers = new Map<string, string>();
  const ownNamespaces = owned === null ? new Set<string>() : namespacesIn(owned);
  const isKept = (patterns: readonly Pattern[], fits: (pattern: Pattern) => boolean) =>
    decide(patterns, fits) === false;
  for (const rule of toolRules) {
    if (!hasEvidence(schema, rule)) continue;
    for (const name of rule.namespaces ?? []) {
      if (ownNamespaces.has(name) || isKept(filters.exclude.schemas, (one) => one.name.test(name))) continue;
      namespaces.set(name, rule.tool);
    }
    for (const table of tablesOf(schema, rule)) {
      const key = nameKey(table);
      if (owned?.tables.has(key) || owned?.views.has(key)) continue;
      if (isKept(filters.exclude.tables, (one) => fitsName(one, table, defaultNamespace))) continue;
      tables.set(key, rule.tool);
    }
    for (const name of rule.eventTriggers ?? []) eventTriggers.set(name, rule.tool);
  }
  for (const [name, tool] of emptied(schema, tables, ownNamespaces)) namespaces.set(name, tool);
  return {
    ownerOf: ({ kind, namespace, tables: own, shown }) =>
      (typeof namespace === "string" ? namespaces.get(namespace) : undefined) ??
      own.map((table) => tables.get(nameKey(table))).find((tool) => tool !== undefined) ??
      (kind === "event-trigger" ? eventTriggers.get(shown) : undefined) ??
      null,
  };
}

/** The namespaces that a schema has, or has something in. */
function namespacesIn(schema: Schema): ReadonlySet<string> {
  const names = new Set<string>(schema.namespaces.keys());
  const { tables, views, enums, sequences, domains, composites, defined } = schema;
  for (const objects of [tables, views, enums, sequences, domains, composites, defined]) {
    for (const { namespace } of objects.values()) if (namespace !== null) names.add(namespace);
  }
  return names;
}

/** Namespaces in which there is nothing but tables of one tool, which has made them for these. */
function emptied(
  schema: Schema,
  tables: ReadonlyMap<string, string>,
  owned: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const inUse = new Set<string>();
  for (const [key, { namespace }] of schema.tables) {
    if (namespace === null) continue;
    const tool = tables.get(key);
    if (tool === undefined) inUse.add(namespace);
    else found.set(namespace, tool);
  }
  const { views, enums, domains, composites, defined } = schema;
  for (const objects of [views, enums, domains, composites, defined]) {
    for (const { namespace } of objects.values()) if (namespace !== null) inUse.add(namespace);
  }
  return new Map([...found].filter(([name]) => !inUse.has(name) && !owned.has(name)));
}

function hasEvidence(schema: Schema, { evidence }: ToolRule): boolean {
  if (evidence === undefined) return true;
  if (evidence.extension !== undefined && !schema.extensions.has(evidence.extension)) return false;
  return (evidence.tables ?? []).every(([namespace, name]) =>
    schema.tables.has(nameKey({ namespace, name })),
  );
}

function tablesOf(schema: Schema, rule: ToolRule): readonly ObjectName[] {
  if (rule.tables === undefined) return [];
  const patterns = rule.tables.flatMap((text) => readPattern(text, 2) ?? []);
  const fits = ({ namespace, name }: ObjectName) =>
    patterns.some(
      (one) => one.name.test(name) && (one.namespace === null || one.namespace.test(namespace ?? "")),
    );
  const { columns } = rule;
  const has = (own: readonly { readonly name: string }[]) =>
    columns === undefined ||
    columns.some((names) => names.length === own.length && own.every(({ name }) => names.includes(name)));
  return [
    ...[...schema.tables.values()].filter((table) => fits(table) && has(table.columns)),
    ...[...schema.views.values()].filter((view) => columns === undefined && fits(view)),
  ];
}
