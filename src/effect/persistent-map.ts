const bits = 5;
const width = 1 << bits;
const mask = width - 1;

interface Leaf<K, V> {
  readonly hash: number;
  readonly entries: readonly (readonly [K, V])[];
}

interface Branch<K, V> {
  readonly children: readonly (Slot<K, V> | undefined)[];
}

type Slot<K, V> = Leaf<K, V> | Branch<K, V>;

function isLeaf<K, V>(slot: Slot<K, V>): slot is Leaf<K, V> {
  return "entries" in slot;
}

/** FNV-1a of a text; a number is spread by multiplying. */
function hashOf(key: string | number): number {
  if (typeof key === "number") return Math.imul(key, 0x9e3779b1) >>> 0;
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function put<K, V>(slot: Slot<K, V> | undefined, shift: number, leaf: Leaf<K, V>): Slot<K, V> {
  if (slot === undefined) return leaf;
  if (isLeaf(slot)) {
    if (slot.hash === leaf.hash) {
      const [added] = leaf.entries;
      if (added === undefined) return slot;
      const others = slot.entries.filter(([key]) => key !== added[0]);
      return { hash: leaf.hash, entries: [...others, added] };
    }
    const children: (Slot<K, V> | undefined)[] = new Array(width);
    children[(slot.hash >>> shift) & mask] = slot;
    return put({ children }, shift, leaf);
  }
  const place = (leaf.hash >>> shift) & mask;
  const children = slot.children.slice();
  children[place] = put(children[place], shift + bits, leaf);
  return { children };
}

function take<K, V>(
  slot: Slot<K, V> | undefined,
  shift: number,
  hash: number,
  key: K,
): Slot<K, V> | undefined {
  if (slot === undefined) return undefined;
  if (isLeaf(slot)) {
    const entries = slot.entries.filter(([other]) => other !== key);
    return entries.length === 0 ? undefined : { hash: slot.hash, entries };
  }
  const place = (hash >>> shift) & mask;
  const children = slot.children.slice();
  children[place] = take(children[place], shift + bits, hash, key);
  return children.some((child) => child !== undefined) ? { children } : undefined;
}

function* walk<K, V>(slot: Slot<K, V> | undefined): Generator<readonly [K, V]> {
  if (slot === undefined) return;
  if (isLeaf(slot)) {
    yield* slot.entries;
    return;
  }
  for (const child of slot.children) yield* walk(child);
}

/**
 * A map that is never changed: `with` and `without` give another one that shares nearly everything with it, so that a
 * history can keep the state after each of its thousands of statements. Entries come in no order to rely on.
 */
export class PersistentMap<K extends string | number, V> {
  readonly size: number;
  readonly #root: Slot<K, V> | undefined;

  private constructor(root: Slot<K, V> | undefined, size: number) {
    this.#root = root;
    this.size = size;
  }

  static empty<K extends string | number, V>(): PersistentMap<K, V> {
    return new PersistentMap<K, V>(undefined, 0);
  }

  get(key: K): V | undefined {
    const hash = hashOf(key);
    let slot = this.#root;
    for (let shift = 0; slot !== undefined; shift += bits) {
      if (isLeaf(slot)) return slot.entries.find(([other]) => other === key)?.[1];
      slot = slot.children[(hash >>> shift) & mask];
    }
    return undefined;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  with(key: K, value: V): PersistentMap<K, V> {
    const size = this.has(key) ? this.size : this.size + 1;
    return new PersistentMap(put(this.#root, 0, { hash: hashOf(key), entries: [[key, value]] }), size);
  }

  without(key: K): PersistentMap<K, V> {
    if (!this.has(key)) return this;
    return new PersistentMap(take(this.#root, 0, hashOf(key), key), this.size - 1);
  }

  entries(): Iterable<readonly [K, V]> {
    return walk(this.#root);
  }

  [Symbol.iterator](): Iterator<readonly [K, V]> {
    return walk(this.#root);
  }

  *values(): Generator<V> {
    for (const [, value] of walk(this.#root)) yield value;
  }
}
