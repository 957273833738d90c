import { nameKey, type ObjectName, sameName } from "../../../schema/name.js";
import type { Column, Enum, Schema, Table, View } from "../../../schema/schema.js";
import { inDependencyOrder, mentionedNames, mentionsInConstant } from "../mention.js";
import { quoteIdentifier, quoteList, quoteName, quoteString } from "../quote.js";
import { tokenize } from "../token.js";
import { formatType, underlyingType } from "../types.js";
import { materializedStandIn, standInName } from "./probe.js";

/** A temporary object that stands in for one of the schemas' while expressions are deparsed. */
export interface StandIn {
  readonly name: ObjectName;
  readonly create: string;
  /** SQL of a condition: the database has what is needed already. */
  readonly unless: string | null;
}

/** Both schemas as one: what either has, with the columns and values of both. `b` goes first. */
export interface World {
  readonly tables: ReadonlyMap<string, Table>;
  readonly views: ReadonlyMap<string, View>;
  readonly enums: ReadonlyMap<string, Enum>;
  readonly sequences: ReadonlyMap<string, ObjectName>;
  /** `current_schema()` of the database. */
  readonly defaultNamespace: string | null;
}

export function worldOf(a: Schema, b: Schema, defaultNamespace: string | null): World {
  const tables = new Map(b.tables);
  for (const [key, table] of a.tables) {
    const other = tables.get(key);
    tables.set(key, other === undefined ? table : { ...other, columns: union(other.columns, table.columns) });
  }
  const enums = new Map(b.enums);
  for (const [key, type] of a.enums) {
    const values = new Set([...(enums.get(key)?.values ?? []), ...type.values]);
    enums.set(key, { ...type, values: [...values] });
  }
  return {
    tables,
    enums,
    views: new Map([...a.views, ...b.views]),
    sequences: new Map([...a.sequences, ...b.sequences]),
    defaultNamespace,
  };
}

function union(first: readonly Column[], second: readonly Column[]): readonly Column[] {
  const names = new Set(first.map((column) => column.name));
  return [...first, ...second.filter((column) => !names.has(column.name))];
}

/** The stand-ins that an object's expressions need, in an order in which they can be made. */
export interface Group {
  readonly standIns: readonly StandIn[];
  /** Rewrites an expression to speak of the stand-ins: they have no namespace. */
  readonly rewrite: (sql: string) => string;
  readonly retype: (column: Column) => Column;
  /** Two objects of one name that are needed at once, if any: they cannot both be stood in for. */
  readonly clash: string | null;
}

export function groupOf(world: World, object: ObjectName, texts: readonly string[]): Group {
  const { tables, views } = relationsFor(world, object, texts);
  const words = new Set(
    [...texts, ...views.map((view) => view.definition)].flatMap((text) => [...mentionedNames(text)]),
  );
  const columns = tables.flatMap((table) => table.columns);
  const enums = [...world.enums.values()].filter(
    (type) => words.has(type.name) || columns.some((column) => sameName(column.type, type)),
  );
  const stoodIn: readonly ObjectName[] = [...tables, ...views, ...enums];
  const rewrite = rewriter(world, stoodIn);
  const retype = (column: Column): Column =>
    enums.some((type) => sameName(type, column.type))
      ? { ...column, type: { ...column.type, namespace: null } }
      : column;
  const withKeys = views.length > 0 || tables.length > 1;
  const needed = withKeys ? tables : tables.map((table) => withColumnsIn(texts, words, table));
  return {
    standIns: [
      ...enums.map(enumStandIn),
      ...sequenceStandIns(world, texts),
      ...needed.map((table) => tableStandIn(table, retype, withKeys)),
      ...views.map((view) => viewStandIn(view, rewrite)),
      ...views.filter((view) => view.materialized && sameName(view, object)).map(materializedTable),
    ],
    rewrite,
    retype,
    clash: clashOf(stoodIn),
  };
}

/** A table without columns that no expression speaks of: the type of one may be new, and not in the database yet. */
function withColumnsIn(texts: readonly string[], words: ReadonlySet<string>, table: Table): Table {
  const isWhole =
    words.has(table.name) || texts.some((text) => text.includes("*") || tokenize(text) === null);
  if (isWhole) return table;
  return { ...table, columns: table.columns.filter(({ name }) => words.has(name)) };
}

/** The object itself, and every table and view that is mentioned, directly or in a view's query. */
function relationsFor(
  world: World,
  object: ObjectName,
  texts: readonly string[],
): { readonly tables: readonly Table[]; readonly views: readonly View[] } {
  const tables = new Set<Table>();
  const views = new Set<View>();
  const visit = (words: ReadonlySet<string>) => {
    for (const table of world.tables.values()) if (words.has(table.name)) tables.add(table);
    for (const view of world.views.values()) {
      if (!words.has(view.name) || views.has(view)) continue;
      views.add(view);
      visit(mentionedNames(view.definition));
    }
  };
  const table = world.tables.get(nameKey(object));
  if (table !== undefined) tables.add(table);
  const view = world.views.get(nameKey(object));
  if (view !== undefined) {
    views.add(view);
    visit(mentionedNames(view.definition));
  }
  // Only queries can name another relation; in other expressions such a word is a column or a function.
  visit(
    new Set(
      texts.filter((text) => mentionedNames(text).has("select")).flatMap((text) => [...mentionedNames(text)]),
    ),
  );
  return { tables: [...tables], views: inDependencyOrder([...views]) };
}

function enumStandIn(type: Enum): StandIn {
  const name = { namespace: null, name: type.name };
  const values = type.values.map(quoteString).join(", ");
  const labels = `SELECT array_agg(enumlabel::text) FROM pg_catalog.pg_enum WHERE enumtypid = to_regtype(${quoteString(quoteName(name))})`;
  return {
    name: type,
    create: `CREATE TYPE ${standInName(type.name)} AS ENUM (${values})`,
    unless: type.namespace === null ? `coalesce((${labels}) @> ARRAY[${values}]::text[], false)` : null,
  };
}

/** Sequences are named in string constants. One in another namespace can only be the real one. */
function sequenceStandIns(world: World, texts: readonly string[]): readonly StandIn[] {
  return [...world.sequences.values()]
    .filter(
      (sequence) =>
        sequence.namespace === null && texts.some((text) => mentionsInConstant(text, sequence.name)),
    )
    .map((sequence) => ({
      name: sequence,
      create: `CREATE SEQUENCE ${standInName(sequence.name)}`,
      unless: `to_regclass(${quoteString(quoteIdentifier(sequence.name))}) IS NOT NULL`,
    }));
}

/** The columns alone, with the primary key where a query may rely on it (GROUP BY of the key). */
function tableStandIn(table: Table, retype: (column: Column) => Column, withKey: boolean): StandIn {
  const lines = table.columns.map((column) => {
    const collation = column.collation === null ? "" : ` COLLATE ${quoteName(column.collation)}`;
    return `${quoteIdentifier(column.name)} ${formatType(underlyingType(retype(column).type))}${collation}`;
  });
  const key = table.constraints.find((constraint) => constraint.kind === "primary-key");
  if (withKey && key?.kind === "primary-key") lines.push(`PRIMARY KEY ${quoteList(key.columns)}`);
  return {
    name: table,
    create: `CREATE TABLE ${standInName(table.name)} (${lines.join(", ")})`,
    unless: null,
  };
}

function viewStandIn(view: View, rewrite: (sql: string) => string): StandIn {
  const columns = view.columns === undefined ? "" : ` ${quoteList(view.columns)}`;
  const create = `CREATE VIEW ${standInName(view.name)}${columns} AS\n${rewrite(view.definition)}`;
  return { name: view, create, unless: null };
}

function materializedTable(view: View): StandIn {
  const create = `CREATE TEMPORARY TABLE ${quoteIdentifier(materializedStandIn)} AS SELECT * FROM ${standInName(view.name)} WITH NO DATA`;
  return { name: view, create, unless: null };
}

function clashOf(objects: readonly ObjectName[]): string | null {
  const seen = new Map<string, ObjectName>();
  for (const object of objects) {
    const other = seen.get(object.name);
    if (other !== undefined && !sameName(other, object)) return object.name;
    seen.set(object.name, object);
  }
  return null;
}

/** Takes the namespace off the names of objects that are stood in for. */
function rewriter(world: World, objects: readonly ObjectName[]): (sql: string) => string {
  const qualified = new Set(
    objects.flatMap((object) => {
      const namespace = object.namespace ?? world.defaultNamespace;
      return namespace === null ? [] : [nameKey({ namespace, name: object.name })];
    }),
  );
  return (sql) => {
    const tokens = tokenize(sql);
    if (tokens === null) return sql;
    let result = "";
    let from = 0;
    for (const [place, token] of tokens.entries()) {
      const [dot, name] = [tokens[place + 1], tokens[place + 2]];
      if (dot?.text !== "." || name === undefined || tokens[place - 1]?.text === ".") continue;
      if (token.kind !== "word" && token.kind !== "quoted") continue;
      if (!qualified.has(nameKey({ namespace: token.value, name: name.value }))) continue;
      result += sql.slice(from, token.start);
      from = name.start;
    }
    return result + sql.slice(from);
  };
}
