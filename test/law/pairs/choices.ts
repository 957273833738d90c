/**
 * Random choices by name: `table persons/fillfactor` is chosen alike wherever it is asked. A second schema that takes its
 * choices from the first, but for some that it makes anew, is the first after a few edits of whatever kind.
 */
export class Choices {
  readonly #seed: string;
  readonly #edits: { readonly seed: string; readonly rate: number } | null;

  constructor(seed: string, edits: { readonly seed: string; readonly rate: number } | null = null) {
    this.#seed = seed;
    this.#edits = edits;
  }

  /** From 0 to 1, without 1. */
  number(name: string): number {
    const edits = this.#edits;
    if (edits !== null && fraction(`${edits.seed} is ${name} edited`) < edits.rate) {
      return fraction(`${edits.seed} ${name}`);
    }
    return fraction(`${this.#seed} ${name}`);
  }

  chance(name: string, probability: number): boolean {
    return this.number(name) < probability;
  }

  /** One of a list that is not empty. */
  pick<T>(name: string, list: readonly [T, ...T[]]): T;
  pick<T>(name: string, list: readonly T[]): T | undefined;
  pick<T>(name: string, list: readonly T[]): T | undefined {
    return list[Math.floor(this.number(name) * list.length)];
  }

  /** Text where the chance has it, else nothing. */
  some(name: string, probability: number, text: string): string {
    return this.chance(name, probability) ? text : "";
  }

  /** A few of a list, in its order. */
  few<T>(name: string, list: readonly T[], probability: number): readonly T[] {
    return list.filter((_, place) => this.chance(`${name} ${place}`, probability));
  }
}

/** FNV-1a, with the finish of MurmurHash3 so that names which are alike give numbers which are not. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
