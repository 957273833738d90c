/** Bits of a hash that choose a child: few, because each change copies all the branches down to the entry. */
const bits = 3;
const width = 1 << bits;
const mask = width - 1;

/** A value that is made when it is first asked for. */
class Unmade<V> {
  readonly make: () => V;

  constructor(make: () => V) {
    this.make = make;
  }
}

class Leaf<K, V> {
  readonly hash: number;
  readonly key: K;
  #value: V | Unmade<V>;
  /** Another key with the same hash. */
  readonly next: Leaf<K, V> | undefined;

  constructor(hash: number, key: K, value: V | Unmade<V>, next: Leaf<K, V> | undefined) {
    this.hash = hash;
    this.key = key;
    this.#value = value;
    this.next = next;
  }

  get value(): V {
    if (this.#value instanceof Unmade) this.#value = this.#value.make();
    return this.#value;
  }

  /** The same, with other keys of its hash. */
  before(next: Leaf<K, V> | undefined): Leaf<K, V> {
    return new Leaf(this.hash, this.key, this.#value, next);
  }
}

type Branch<K, V> = (Slot<K, V> | undefined)[];
type Slot<K, V> = Leaf<K, V> | Branch<K, V>;

/** FNV-1a of a text; a number is spread by multiplying. The bits are mixed, because the lowest ones choose first. */
function hashOf(key: string | number): number {
  let hash = typeof key === "number" ? Math.imul(key, 0x9e3779b1) : 0x811c9dc5;
  if (typeof key === "string")
    for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** `own`: nobody else has the branches, which need not be copied then. */
function put<K, V>(slot: Slot<K, V> | undefined, shift: number, leaf: Leaf<K, V>, own = false): Slot<K, V> {
  if (slot === undefined) return leaf;
  if (slot instanceof Leaf) {
    if (slot.hash === leaf.hash) return leaf.before(takeKey(slot, leaf.key));
    const children: (Slot<K, V> | undefined)[] = [];
    for (let at = 0; at < width; at += 1) children.push(undefined);
    children[(slot.hash >>> shift) & mask] = slot;
    const place = (leaf.hash >>> shift) & mask;
    children[place] = put(children[place], shift + bits, leaf, own);
    return children;
  }
  const place = (leaf.hash >>> shift) & mask;
  const children = own ? slot : slot.slice();
  children[place] = put(children[place], shift + bits, leaf, own);
  return children;
}

/** The entries of one hash without that of the key. */
function takeKey<K, V>(leaf: Leaf<K, V> | undefined, key: K): Leaf<K, V> | undefined {
  if (leaf === undefined || leaf.key === key) return leaf?.next;
  return leaf.before(takeKey(leaf.next, key));
}

function take<K, V>(
  slot: Slot<K, V> | undefined,
  shift: number,
  hash: number,
  key: K,
): Slot<K, V> | undefined {
  if (slot === undefined) return undefined;
  if (slot instanceof Leaf) return takeKey(slot, key);
  const place = (hash >>> shift) & mask;
  const children = slot.slice();
  children[place] = take(children[place], shift + bits, hash, key);
  return children.some((child) => child !== undefined) ? children : undefined;
}

function* walk<K, V>(slot: Slot<K, V> | undefined): Generator<Leaf<K, V>> {
  if (slot === undefined) return;
  if (slot instanceof Leaf) {
    for (let leaf: Leaf<K, V> | undefined = slot; leaf !== undefined; leaf = leaf.next) yield leaf;
    return;
  }
  for (const child of slot) yield* walk(child);
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

  /** A map of these keys, each of them once. Their values are made when they are first asked for. */
  static lazy<K extends string | number, V>(
    keys: readonly K[],
    make: (key: K, at: number) => V,
  ): PersistentMap<K, V> {
    let root: Slot<K, V> | undefined;
    for (const [at, key] of keys.entries()) {
      const value = new Unmade(() => make(key, at));
      root = put(root, 0, new Leaf<K, V>(hashOf(key), key, value, undefined), true);
    }
    return new PersistentMap(root, keys.length);
  }

  get(key: K): V | undefined {
    return this.#leaf(hashOf(key), key)?.value;
  }

  has(key: K): boolean {
    return this.#leaf(hashOf(key), key) !== undefined;
  }

  #leaf(hash: number, key: K): Leaf<K, V> | undefined {
    let slot = this.#root;
    let rest = hash;
    while (slot !== undefined && !(slot instanceof Leaf)) {
      slot = slot[rest & mask];
      rest >>>= bits;
    }
    while (slot !== undefined && slot.key !== key) slot = slot.next;
    return slot;
  }

  with(key: K, value: V): PersistentMap<K, V> {
    const hash = hashOf(key);
    const size = this.#leaf(hash, key) === undefined ? this.size + 1 : this.size;
    return new PersistentMap(put(this.#root, 0, new Leaf(hash, key, value, undefined)), size);
  }

  without(key: K): PersistentMap<K, V> {
    const hash = hashOf(key);
    if (this.#leaf(hash, key) === undefined) return this;
    return new PersistentMap(take(this.#root, 0, hash, key), this.size - 1);
  }

  *[Symbol.iterator](): Generator<readonly [K, V]> {
    for (const { key, value } of walk(this.#root)) yield [key, value];
  }

  entries(): Iterable<readonly [K, V]> {
    return this[Symbol.iterator]();
  }

  *values(): Generator<V> {
    for (const { value } of walk(this.#root)) yield value;
  }
}
