/** What comes before what, by position in a list. */
export interface Edges {
  /** For each item those that must come before it. */
  readonly hard: ReadonlyMap<number, ReadonlySet<number>>;
  /** For each item those that should come before it, where nothing hard speaks against it. */
  readonly soft: ReadonlyMap<number, ReadonlySet<number>>;
  /** How well an item on a circle of hard edges can come before `before`, which should come before it. */
  yields(item: number, before: number): number;
}

/** An order, and where it could not be kept. */
export interface Sorted {
  readonly order: readonly number[];
  /** Hard edges at which circles were opened: `[before, after]`. */
  readonly broken: readonly (readonly [number, number])[];
  /** Soft edges at which circles were opened. */
  readonly loosened: readonly (readonly [number, number])[];
}

/** A heap of positions: the smallest comes out first. */
class Ready {
  readonly #heap: number[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(value: number): void {
    const heap = this.#heap;
    let at = heap.push(value) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (Number(heap[parent]) <= value) break;
      heap[at] = Number(heap[parent]);
      at = parent;
    }
    heap[at] = value;
  }

  pop(): number {
    const heap = this.#heap;
    const top = Number(heap[0]);
    const last = Number(heap.pop());
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && Number(heap[child + 1]) < Number(heap[child])) child++;
      if (Number(heap[child]) >= last) break;
      heap[at] = Number(heap[child]);
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

/** For each item those that it waits for, of which the front one is neither done nor given up. */
class Waits {
  readonly #before: readonly number[][];
  readonly #count: number[];
  readonly #front: number[];

  constructor(count: number) {
    this.#before = Array.from({ length: count }, () => []);
    this.#count = Array.from({ length: count }, () => 0);
    this.#front = Array.from({ length: count }, () => 0);
  }

  add(before: number, item: number): void {
    this.#before[item]?.push(before);
    this.#count[item] = this.of(item) + 1;
  }

  /** For how many an item waits. */
  of(item: number): number {
    return this.#count[item] ?? 0;
  }

  /** It waits for one less. */
  arrived(item: number): void {
    this.#count[item] = this.of(item) - 1;
  }

  front(item: number, done: Uint8Array): number | null {
    const before = this.#before[item] ?? [];
    for (let place = this.#front[item] ?? 0; place < before.length; place++) {
      const one = before[place];
      if (one === undefined || done[one] === 1) continue;
      this.#front[item] = place;
      return one;
    }
    return null;
  }

  /** It no longer waits for the front one. */
  giveUp(item: number): void {
    this.#front[item] = (this.#front[item] ?? 0) + 1;
    this.arrived(item);
  }
}

/**
 * Sorts the positions 0 to `count` − 1 so that every edge is kept; otherwise the order stays as it is. Each circle is
 * opened at one edge: at a soft one, that to the earliest item, or else at the hard one that yields best.
 */
export function sortStable(count: number, edges: Edges): Sorted {
  const hard = new Waits(count);
  const soft = new Waits(count);
  const after: number[][] = Array.from({ length: count }, () => []);
  const softAfter: number[][] = Array.from({ length: count }, () => []);
  for (const [item, before] of edges.hard) {
    for (const one of before) {
      after[one]?.push(item);
      hard.add(one, item);
    }
  }
  for (const [item, before] of edges.soft) {
    for (const one of before) {
      if (edges.hard.get(item)?.has(one)) continue;
      softAfter[one]?.push(item);
      soft.add(one, item);
    }
  }
  const order: number[] = [];
  const done = new Uint8Array(count);
  const ready = new Ready();
  const broken: [number, number][] = [];
  const loosened: [number, number][] = [];
  const gone = new Set<number>();
  const offer = (item: number) => {
    if (hard.of(item) === 0 && soft.of(item) === 0 && done[item] === 0) ready.push(item);
  };
  const reach = (waits: Waits, item: number, next: number) => {
    // An edge that was given up is no longer counted.
    if (gone.size > 0 && gone.delete(item * count + next)) return;
    waits.arrived(next);
    offer(next);
  };
  for (let item = 0; item < count; item++) offer(item);
  for (let first = 0; order.length < count; ) {
    for (; ready.size > 0; ) {
      const item = ready.pop();
      done[item] = 1;
      order.push(item);
      for (const next of after[item] ?? []) reach(hard, item, next);
      for (const next of softAfter[item] ?? []) reach(soft, item, next);
    }
    if (order.length === count) break;
    while (done[first] === 1) first++;
    const { waits, edge } = weakest(circleFrom(first, hard, soft, done), edges, hard, soft);
    (waits === soft ? loosened : broken).push(edge);
    gone.add(edge[0] * count + edge[1]);
    waits.giveUp(edge[1]);
    offer(edge[1]);
  }
  return { order, broken, loosened };
}

/** An edge of a circle. */
interface Link {
  readonly before: number;
  readonly item: number;
  readonly waits: Waits;
}

/** A circle: found by walking back from an item that waits until one repeats. */
function circleFrom(start: number, hard: Waits, soft: Waits, done: Uint8Array): readonly Link[] {
  const places = new Map<number, number>();
  const walked: Link[] = [];
  for (let item = start; ; ) {
    const known = places.get(item);
    if (known !== undefined) return walked.slice(known);
    places.set(item, walked.length);
    const must = hard.front(item, done);
    // Whoever is not done waits for something that is not done.
    const before = must ?? soft.front(item, done) ?? item;
    walked.push({ before, item, waits: must === null ? soft : hard });
    item = before;
  }
}

/** Where a circle is opened; of edges that are as good, that to the earliest item. */
function weakest(
  circle: readonly Link[],
  edges: Edges,
  hard: Waits,
  soft: Waits,
): { readonly waits: Waits; readonly edge: [number, number] } {
  const loose = circle.filter(({ waits }) => waits === soft);
  const rate = ({ item, before }: Link) => (loose.length > 0 ? 0 : edges.yields(item, before));
  let best: { readonly link: Link; readonly rate: number } | null = null;
  for (const link of loose.length > 0 ? loose : circle) {
    const rated = { link, rate: rate(link) };
    const better =
      best === null || rated.rate > best.rate || (rated.rate === best.rate && link.item < best.link.item);
    if (better) best = rated;
  }
  const { before, item, waits } = best?.link ?? { before: 0, item: 0, waits: hard };
  return { waits, edge: [before, item] };
}
