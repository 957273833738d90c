/** What comes before what, by position in a list. */
export interface Edges {
  /** For each item those that must come before it. */
  readonly hard: ReadonlyMap<number, ReadonlySet<number>>;
  /** For each item those that should come before it, where nothing hard speaks against it. */
  readonly soft: ReadonlyMap<number, ReadonlySet<number>>;
  /** Of the items on a circle of hard edges, those which give way best. */
  prefers(item: number): boolean;
}

/** An order, and where it could not be kept. */
export interface Sorted {
  readonly order: readonly number[];
  /** Hard edges that lie on a circle and are broken: `[before, after]`. */
  readonly broken: readonly (readonly [number, number])[];
  /** Soft edges that are broken. */
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

/**
 * Sorts the positions 0 to `count` − 1 so that every edge is kept; otherwise the order stays as it is. Where edges go
 * round in a circle, soft ones are given up first, those of the earliest item first.
 */
export function sortStable(count: number, edges: Edges): Sorted {
  const waiting = Array.from({ length: count }, () => 0);
  const softWaiting = Array.from({ length: count }, () => 0);
  const after: number[][] = Array.from({ length: count }, () => []);
  const softAfter: number[][] = Array.from({ length: count }, () => []);
  for (const [item, before] of edges.hard) {
    for (const one of before) {
      after[one]?.push(item);
      waiting[item] = (waiting[item] ?? 0) + 1;
    }
  }
  for (const [item, before] of edges.soft) {
    for (const one of before) {
      if (edges.hard.get(item)?.has(one)) continue;
      softAfter[one]?.push(item);
      softWaiting[item] = (softWaiting[item] ?? 0) + 1;
    }
  }
  const order: number[] = [];
  const done = new Uint8Array(count);
  const ready = new Ready();
  const broken: [number, number][] = [];
  const loosened: [number, number][] = [];
  const offer = (item: number) => {
    if (waiting[item] === 0 && softWaiting[item] === 0 && done[item] === 0) ready.push(item);
  };
  const take = (item: number) => {
    if (done[item] === 1) return;
    done[item] = 1;
    order.push(item);
    for (const next of after[item] ?? []) {
      waiting[next] = (waiting[next] ?? 0) - 1;
      offer(next);
    }
    for (const next of softAfter[item] ?? []) {
      softWaiting[next] = (softWaiting[next] ?? 0) - 1;
      offer(next);
    }
  };
  for (let item = 0; item < count; item++) offer(item);
  let first = 0;
  while (order.length < count) {
    while (ready.size > 0) take(ready.pop());
    if (order.length === count) break;
    while (done[first] === 1) first++;
    const free = firstWhere(first, count, (item) => done[item] === 0 && waiting[item] === 0);
    const stuck = free ?? leastStuck(first, edges, done);
    const missing = (set: ReadonlySet<number> | undefined) =>
      [...(set ?? [])].filter((one) => done[one] === 0);
    if (free === null) broken.push(...missing(edges.hard.get(stuck)).map((one) => pair(one, stuck)));
    loosened.push(...missing(edges.soft.get(stuck)).map((one) => pair(one, stuck)));
    take(stuck);
  }
  return { order, broken, loosened };
}

function pair(before: number, after: number): [number, number] {
  return [before, after];
}

function firstWhere(from: number, to: number, holds: (item: number) => boolean): number | null {
  for (let item = from; item < to; item++) if (holds(item)) return item;
  return null;
}

/** An item that lies on a circle itself, and does not only wait for one: found by walking back until one repeats. */
function leastStuck(start: number, edges: Edges, done: Uint8Array): number {
  const seen = new Set<number>();
  let item = start;
  while (!seen.has(item)) {
    seen.add(item);
    const before = [...(edges.hard.get(item) ?? [])].find((one) => done[one] === 0);
    if (before === undefined) return item;
    item = before;
  }
  // Everything from here on lies on the circle.
  const circle = [item];
  for (let at = item; ; ) {
    const before = [...(edges.hard.get(at) ?? [])].find((one) => done[one] === 0);
    if (before === undefined || before === item) break;
    circle.push(before);
    at = before;
  }
  const preferred = circle.filter((one) => edges.prefers(one));
  return Math.min(...(preferred.length > 0 ? preferred : circle));
}
