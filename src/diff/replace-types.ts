import type { CastExpression } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { addressOf } from "../schema/address.js";
import { nameKey, nameOf, type ObjectName } from "../schema/name.js";
import type { Column, ColumnType, Composite, Domain, Table } from "../schema/schema.js";
import { sortByDependencies } from "./order.js";
import type { Move, Work } from "./work.js";

/** A type that is made anew, with the name that the old one has meanwhile; `null` where it goes first. */
interface Replaced {
  readonly aside: string | null;
  readonly name: ObjectName;
  readonly uses: readonly ColumnType[];
  readonly rename: (to: string) => Op;
  readonly create: Op;
  readonly drop: (name: ObjectName) => Op;
}

/**
 * The ops that put new domains and composite types in the place of old ones that cannot be changed in place: the old ones get
 * other names, the columns are converted, and they go. What stands on a range or collation that is made anew cannot stay so
 * long: its columns are held by `text`, or by the default collation, meanwhile.
 */
export function replaceTypes(work: Work): void {
  const { phases } = work;
  const types = sortedTypes(work);
  for (const type of types) {
    if (type.aside === null) continue;
    // Before new tables and columns, which are of the new one.
    phases.types.push(type.rename(type.aside), type.create);
  }
  const asides = new Map(
    types.flatMap(({ name, aside }) => (aside === null ? [] : [[nameKey(name), aside] as const])),
  );
  for (const { table, column, move } of moved(work)) {
    if (move === "aside") phases.replaceTypes.push(convert(work, table, column, asides));
    else hold(work, table, column, move);
  }
  for (const type of [...types].reverse()) {
    if (type.aside === null) phases.dropHeldTypes.push(type.drop(type.name));
    // After columns and tables that go with it.
    else phases.dropTypes.push(type.drop({ namespace: type.name.namespace, name: type.aside }));
  }
  for (const type of types) if (type.aside === null) phases.createDefined.push(type.create);
}

/** Each after those that it stands on. */
function sortedTypes(work: Work): readonly Replaced[] {
  const types = new Map<string, Replaced>();
  for (const key of work.replacedDomains) {
    const [from, to] = [work.from.domains.get(key), work.to.domains.get(key)];
    if (from !== undefined && to !== undefined) types.set(key, replacedDomain(work, from, to));
  }
  for (const key of work.replacedComposites) {
    const [from, to] = [work.from.composites.get(key), work.to.composites.get(key)];
    if (from !== undefined && to !== undefined) types.set(key, replacedComposite(work, from, to));
  }
  return sortByDependencies(types, ({ uses }) => uses.map(nameKey));
}

function replacedDomain(work: Work, from: Domain, to: Domain): Replaced {
  const name = nameOf(from);
  return {
    aside: work.heldTypes.has(addressOf("domain", from)) ? null : asideName(work, from),
    ...{ name, uses: [to.type] },
    rename: (aside) => ({ kind: "rename-domain", name, to: aside }),
    create: { kind: "create-domain", domain: to },
    drop: (old) => ({ kind: "drop-domain", name: old }),
  };
}

/** Attributes that come and go do so in place, before. */
function replacedComposite(work: Work, from: Composite, to: Composite): Replaced {
  const name = nameOf(from);
  const now = new Map(to.attributes.map((attribute) => [attribute.name, attribute]));
  const kept = from.attributes.flatMap(({ name: attribute }) => now.get(attribute) ?? []);
  const added = to.attributes.filter((attribute) => !kept.includes(attribute));
  return {
    aside: work.heldTypes.has(addressOf("composite", from)) ? null : asideName(work, from),
    ...{ name, uses: to.attributes.map(({ type }) => type) },
    rename: (aside) => ({ kind: "rename-composite", name, to: aside }),
    create: { kind: "create-composite", composite: { ...to, attributes: [...kept, ...added] } },
    drop: (old) => ({ kind: "drop-composite", name: old }),
  };
}

/** Columns to be moved; those that have it from a parent follow the parent. */
function* moved(
  work: Work,
): Generator<{ readonly table: Table; readonly column: Column; readonly move: Move }> {
  for (const [key, moves] of work.movedColumns) {
    const table = work.to.tables.get(key);
    const inherited = new Set(
      (work.from.tables.get(key)?.columns ?? []).filter((one) => one.inherited).map((one) => one.name),
    );
    for (const column of table?.columns ?? []) {
      const move = moves.get(column.name);
      if (table === undefined || move === undefined || inherited.has(column.name)) continue;
      // One that is computed goes and comes again.
      if (column.generated === null) yield { table, column, move };
    }
  }
}

function convert(work: Work, table: Table, column: Column, asides: ReadonlyMap<string, string>): Op {
  const old = (type: ColumnType): ColumnType => ({ ...type, name: asides.get(nameKey(type)) ?? type.name });
  const using = work.options.castExpression?.(
    column.name,
    column.type,
    old(column.type),
    bothSides(work, asides, old),
  );
  return {
    kind: "alter-column",
    table: nameOf(table),
    column: column.name,
    changes: { type: column.type, ...(using === undefined ? {} : { using }) },
  };
}

/** The types as they are while old and new ones are there. */
function bothSides(
  work: Work,
  asides: ReadonlyMap<string, string>,
  old: (type: ColumnType) => ColumnType,
): Parameters<CastExpression>[3] {
  const domains = new Map(work.to.domains);
  const composites = new Map(work.to.composites);
  for (const [key, name] of asides) {
    const [domain, composite] = [work.from.domains.get(key), work.from.composites.get(key)];
    if (domain !== undefined) {
      const aside = { ...domain, name, type: old(domain.type) };
      domains.set(nameKey(aside), aside);
    }
    if (composite !== undefined) {
      const now = work.to.composites.get(key);
      const aside = { ...composite, name, attributes: meanwhile(composite, now, old) };
      composites.set(nameKey(aside), aside);
    }
  }
  const defined = new Map([...work.from.defined, ...work.to.defined]);
  return { enums: work.to.enums, domains, composites, defined };
}

/** Attributes of the old type when others have come and gone. */
function meanwhile(
  from: Composite,
  to: Composite | undefined,
  old: (type: ColumnType) => ColumnType,
): Composite["attributes"] {
  const has = (type: Composite | undefined, name: string) =>
    type?.attributes.some((attribute) => attribute.name === name) === true;
  const kept = from.attributes.filter(({ name }) => has(to, name));
  const added = (to?.attributes ?? []).filter(({ name }) => !has(from, name));
  return [...kept, ...added].map((attribute) => ({ ...attribute, type: old(attribute.type) }));
}

const text: ColumnType = { namespace: null, name: "text", modifiers: [], dimensions: 0 };

function hold(work: Work, table: Table, column: Column, move: "held" | "held-collation"): void {
  const place = { kind: "alter-column", table: nameOf(table), column: column.name } as const;
  const { castExpression } = work.options;
  if (move === "held-collation") {
    work.phases.holdColumns.push({ ...place, changes: { collation: null } });
    work.phases.alterColumns.push({ ...place, changes: { collation: column.collation } });
    return;
  }
  const using = castExpression?.(column.name, column.type, text, work.to);
  work.phases.holdColumns.push({ ...place, changes: { type: text } });
  work.phases.alterColumns.push({
    ...place,
    changes: { type: column.type, ...(using === undefined ? {} : { using }) },
  });
}

function asideName(work: Work, { namespace, name }: ObjectName): string {
  for (let number = 0; ; number++) {
    const aside = `${name.slice(0, 50)}_old${number === 0 ? "" : number}`;
    const key = nameKey({ namespace, name: aside });
    const { tables, views, enums, domains, composites } = work.from;
    const taken = [tables, views, enums, domains, composites, work.to.domains, work.to.composites];
    if (taken.every((map) => !map.has(key))) return aside;
  }
}
