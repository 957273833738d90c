import type { Act } from "../../../../effect/act.js";
import { type Effect, idsIn, noEffect } from "../../../../effect/effect.js";
import { type LockMode, stronger } from "../../../../effect/lock.js";
import type { Relation, RelationId, World } from "../../../../effect/world.js";

/** What the effect of an act depends on, besides the world. */
export interface Conditions {
  /** Major version of the server. */
  readonly version: number;
  /** True where the session's TimeZone has no offset. */
  readonly utc: boolean;
  /** The acts of the same statement: subcommands of one ALTER TABLE have one lock. */
  readonly siblings: readonly Act[];
}

/** Gathers an effect. */
export class Cost {
  readonly world: World;
  readonly #locks = new Map<RelationId, LockMode>();
  readonly #work = {
    rewrites: new Set<RelationId>(),
    scans: new Set<RelationId>(),
    indexBuilds: new Set<RelationId>(),
    foreignKeyChecks: new Set<RelationId>(),
    reads: new Set<RelationId>(),
    proved: new Set<RelationId>(),
  };
  #transaction: Effect["transaction"] = "any";
  #refused: string | null = null;
  #reason: string | null = null;

  constructor(world: World) {
    this.world = world;
  }

  lock(mode: LockMode, ...relations: readonly (Relation | RelationId | undefined)[]): this {
    for (const relation of relations) {
      const id = typeof relation === "object" ? relation.id : relation;
      if (id === undefined) continue;
      const before = this.#locks.get(id);
      this.#locks.set(id, before === undefined ? mode : stronger(before, mode));
    }
    return this;
  }

  #add(to: Set<RelationId>, relations: readonly (Relation | RelationId | undefined)[]): this {
    for (const relation of relations) {
      const id = typeof relation === "object" ? relation.id : relation;
      if (id !== undefined) to.add(id);
    }
    return this;
  }

  rewrite(...relations: readonly Relation[]): this {
    return this.#add(this.#work.rewrites, relations);
  }

  scan(...relations: readonly Relation[]): this {
    return this.#add(this.#work.scans, relations);
  }

  build(...relations: readonly Relation[]): this {
    return this.#add(this.#work.indexBuilds, relations);
  }

  check(...relations: readonly (Relation | RelationId)[]): this {
    return this.#add(this.#work.foreignKeyChecks, relations);
  }

  read(...relations: readonly Relation[]): this {
    return this.#add(this.#work.reads, relations);
  }

  prove(...relations: readonly Relation[]): this {
    return this.#add(this.#work.proved, relations);
  }

  /** Refused in a transaction block. */
  forbid(): this {
    this.#transaction = "forbidden";
    return this;
  }

  /** To be committed before anything uses it. */
  own(): this {
    if (this.#transaction === "any") this.#transaction = "own";
    return this;
  }

  /** The server of this version does not know it, or refuses it. */
  refuse(why: string): this {
    this.#refused ??= why;
    return this;
  }

  /** There may be more. */
  unknown(reason: string): this {
    this.#reason ??= reason;
    return this;
  }

  finish(): Effect {
    const { rewrites, scans, indexBuilds, foreignKeyChecks, reads, proved } = this.#work;
    return {
      ...noEffect,
      locks: this.#locks,
      rewrites: idsIn(rewrites),
      scans: idsIn(scans),
      indexBuilds: idsIn(indexBuilds),
      foreignKeyChecks: idsIn(foreignKeyChecks),
      reads: idsIn(reads),
      proved: idsIn(proved),
      transaction: this.#transaction,
      refused: this.#refused,
      analysed: this.#reason === null,
      reason: this.#reason,
    };
  }
}

/**
 * Writing a table anew looks at every row and builds every index: of one that is rewritten no more is said. What is
 * scanned for one reason is not proved for another.
 */
export function simplify(effect: Effect): Effect {
  const { rewrites, scans, indexBuilds, proved } = effect;
  if (rewrites.length === 0 && proved.length === 0) return effect;
  const rewritten = new Set(rewrites);
  const scanned = new Set([...rewrites, ...scans]);
  return {
    ...effect,
    scans: scans.filter((id) => !rewritten.has(id)),
    indexBuilds: indexBuilds.filter((id) => !rewritten.has(id)),
    proved: proved.filter((id) => !scanned.has(id)),
  };
}
