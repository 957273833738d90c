import { addressOf, definedAddress, type PartKind, partAddress } from "../../../schema/address.js";
import type { Address, Dependencies } from "../../../schema/dependency.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import type { Schema } from "../../../schema/schema.js";
import type { FoundDefined } from "./defined.js";
import { type DependencyRow, dependencyQuery, type End } from "./dependency-query.js";
import { nameIn, type Reading, rowsOf } from "./reading.js";

/**
 * What depends on what in scope, from `pg_depend` (manual 5.15), in one query. Objects of the system are left out, and
 * what belongs to an extension stands for the extension. What the records themselves say is left out, too: that keys
 * and indexes without expressions need the columns that they name, and that all need their table.
 *
 * The addresses are put together when somebody asks for the first of them.
 */
export async function readDependencies(
  reading: Reading,
  schema: Schema,
  defined: readonly FoundDefined[],
): Promise<Dependencies> {
  const rows = await rowsOf<DependencyRow>(reading.connection, dependencyQuery());
  return new LazyMap(() => dependenciesOf(new Addresses(reading, schema, defined), rows));
}

function dependenciesOf(
  addresses: Addresses,
  rows: readonly DependencyRow[],
): ReadonlyMap<Address, ReadonlySet<Address>> {
  const found = new Map<Address, Set<Address>>();
  const add = (from: Address, to: Address) => {
    const known = found.get(from);
    if (known === undefined) found.set(from, new Set([to]));
    else known.add(to);
  };
  const ends: [from: Address, to: Address][] = [];
  for (const row of rows) {
    const from = addresses.of(sourceOf(row));
    const to = addresses.of(targetOf(row));
    if (from !== null && to !== null && from !== to) ends.push([from, to]);
  }
  // The engine gives rows in the order in which they happen to lie; the ops of a diff follow the order of this map.
  ends.sort(([a, b], [c, d]) => compareAddresses(a, c) || compareAddresses(b, d));
  for (const [from, to] of ends) add(from, to);
  for (const [whole, shell] of addresses.declarations()) {
    // What speaks of a type before it is whole is made between its declaration and its definition.
    for (const needed of found.get(whole) ?? []) {
      if (found.get(needed)?.delete(whole)) add(needed, shell);
    }
    add(whole, shell);
  }
  return found;
}

function compareAddresses(one: Address, other: Address): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function sourceOf(row: DependencyRow): End {
  const { fromPlace, fromKind, fromNamespace, fromName, fromPart } = row;
  return { place: fromPlace, kind: fromKind, namespace: fromNamespace, name: fromName, part: fromPart };
}

/** The columns of a view come and go with it. */
function targetOf(row: DependencyRow): End {
  const { toPlace, toKind, toNamespace, toName, toPart } = row;
  const part = toKind === "view" ? null : toPart;
  return { place: toPlace, kind: toKind, namespace: toNamespace, name: toName, part };
}

/** The addresses of ends of dependencies. */
class Addresses {
  readonly #reading: Reading;
  readonly #schema: Schema;
  readonly #defined = new Map<string, Address>();
  /** Declarations of types by the place of the type. */
  readonly #shells = new Map<string, Address>();

  constructor(reading: Reading, schema: Schema, defined: readonly FoundDefined[]) {
    this.#reading = reading;
    this.#schema = schema;
    for (const { place, object } of defined) {
      (object.kind === "shell-type" ? this.#shells : this.#defined).set(place, definedAddress(object));
    }
  }

  /** Types that are declared before they are defined, with their declarations. */
  *declarations(): Iterable<readonly [whole: Address, shell: Address]> {
    for (const [place, shell] of this.#shells) {
      const whole = this.#defined.get(place);
      if (whole !== undefined) yield [whole, shell];
    }
  }

  /** `null` for what the schema has no place for: objects out of scope, the engine's own triggers. */
  of({ place, kind, namespace, name, part }: End): Address | null {
    const defined = this.#defined.get(place) ?? this.#shells.get(place);
    if (defined !== undefined) return defined;
    if (kind === null || name === null) return null;
    if (kind === "extension") return addressOf(kind, { namespace: null, name });
    if (namespace === null || !this.#reading.namespaces.has(namespace)) return null;
    const owner = nameIn(this.#reading, namespace, name);
    if (kind === "sequence") return this.#sequence(owner, part);
    // Nothing happens to a column of a view by itself: who needs one needs the view.
    if (kind === "table" && part !== null) return partAddress("column", owner, part);
    return isPart(kind) ? partAddress(kind, owner, part ?? "") : addressOf(kind, owner);
  }

  /** The sequence of an identity or serial column is a part of the column. */
  #sequence(name: ObjectName, owner: string | null): Address | null {
    if (this.#schema.sequences.has(nameKey(name))) return addressOf("sequence", name);
    if (owner === null) return null;
    const [namespace, table, column] = JSON.parse(owner) as [string, string, string];
    return partAddress("column", nameIn(this.#reading, namespace, table), column);
  }
}

const parts: ReadonlySet<string> = new Set<PartKind>(["column", "default", "constraint", "index", "policy"]);

function isPart(kind: string): kind is PartKind {
  return parts.has(kind);
}

/** A map that is made when it is first looked at: an inspection without differences never does. */
class LazyMap<K, V> implements ReadonlyMap<K, V> {
  #make: (() => ReadonlyMap<K, V>) | null;
  #map: ReadonlyMap<K, V> = new Map();

  constructor(make: () => ReadonlyMap<K, V>) {
    this.#make = make;
  }

  get #made(): ReadonlyMap<K, V> {
    if (this.#make === null) return this.#map;
    this.#map = this.#make();
    this.#make = null;
    return this.#map;
  }

  get size(): number {
    return this.#made.size;
  }

  get(key: K): V | undefined {
    return this.#made.get(key);
  }

  has(key: K): boolean {
    return this.#made.has(key);
  }

  forEach(call: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    this.#made.forEach(call);
  }

  entries() {
    return this.#made.entries();
  }

  keys() {
    return this.#made.keys();
  }

  values() {
    return this.#made.values();
  }

  [Symbol.iterator]() {
    return this.#made[Symbol.iterator]();
  }
}
