/**
 * A list that is never changed: `with` gives another one, which shares its places with it. A history keeps the list after each
 * of thousands of statements, and one of them adds to it.
 */
export class PersistentList<T> {
  static readonly #empty = new PersistentList<never>([], 0);

  readonly length: number;
  /** Those behind `length` are of lists that came of this one. */
  readonly #items: T[];

  private constructor(items: T[], length: number) {
    this.#items = items;
    this.length = length;
  }

  static empty<T>(): PersistentList<T> {
    // Nothing is ever added to its places.
    return PersistentList.#empty as PersistentList<unknown> as PersistentList<T>;
  }

  static of<T>(items: Iterable<T>): PersistentList<T> {
    const own = [...items];
    return own.length === 0 ? PersistentList.empty() : new PersistentList(own, own.length);
  }

  /** The same with one more at its end. */
  with(item: T): PersistentList<T> {
    const isLongest = this.#items.length === this.length && this.length > 0;
    const items = isLongest ? this.#items : this.toArray();
    items.push(item);
    return new PersistentList(items, items.length);
  }

  filter(keeps: (item: T) => boolean): PersistentList<T> {
    return PersistentList.of(this.toArray().filter(keeps));
  }

  toArray(): T[] {
    return this.#items.slice(0, this.length);
  }

  *[Symbol.iterator](): Generator<T> {
    for (let at = 0; at < this.length; at += 1) yield this.#items[at] as T;
  }
}
