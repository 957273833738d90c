import { goneName, madeName, namesIn } from "../../op/mention.js";
import type { Op } from "../../op/op.js";
import { givesBody, isRoutine, spokenOfBy } from "../../op/routine.js";
import { addressOf, definedAddress, definedKey } from "../../schema/address.js";
import type { Address, Dependencies } from "../../schema/dependency.js";
import { nameKey } from "../../schema/name.js";
import type { DefinedKind, Schema } from "../../schema/schema.js";
import { namesKeptFirst } from "../not-null-names.js";
import { persistenceOrder } from "../persistence.js";
import { asidesOf } from "./asides.js";
import { eventTriggersAside } from "./event-triggers.js";
import {
  alteredBeforeInherited,
  columnsBeforeAttached,
  columnsOfParentsFirst,
  inTheWayFirst,
} from "./family-order.js";
import { freedByColumnsFirst } from "./freed-names.js";
import { type Needs, needsOf } from "./needs.js";
import { ownedBy, type Role, roleOf, type Sides, sequencesThatGo } from "./role.js";
import { type Piece, splitOfItself, takeApart } from "./take-apart.js";
import { type Sorted, sortStable } from "./topological.js";

/** How often tables, views and domains are taken apart before a circle is left to the engine. */
const mostSplits = 20;

/** True when the phases alone may give an order that does not run: something may depend on almost anything. */
function isIntertwined({ defined, domains, composites, dependencies }: Schema): boolean {
  return dependencies !== undefined || defined.size + domains.size + composites.size > 0;
}

/**
 * The ops, in the order that they have as far as dependencies allow: what is made comes after all that it needs, and
 * what goes comes after all that needs it. What the engine knows (`Schema.dependencies`) must hold; what is only
 * mentioned in the body of a routine should. Nothing is moved across a rename.
 */
export function sortOps(
  ops: readonly Op[],
  renames: ReadonlySet<Op>,
  from: Schema,
  to: Schema,
): readonly Op[] {
  if (ops.length === 0 || !(isIntertwined(from) || isIntertwined(to))) return ops;
  const sides = {
    from,
    to,
    owned: ownedBy(from),
    sequences: sequencesThatGo(from, to),
    asides: asidesOf(ops, renames),
  };
  const { gone, rest, made } = eventTriggersAside(ops);
  // Nothing says of a namespace what is in it: it goes after all that may have been.
  const isNamespace = ({ kind }: Op) => kind === "drop-namespace";
  const sorted = segments(
    rest.filter((op) => !isNamespace(op)),
    renames,
  ).flatMap((segment) => sortSegment(segment, sides));
  return [...gone, ...sorted, ...rest.filter(isNamespace), ...made];
}

/** What stands before the block of renames, these, and what comes after them. */
function segments(ops: readonly Op[], renames: ReadonlySet<Op>): readonly (readonly Op[])[] {
  const first = ops.findIndex((op) => renames.has(op));
  if (first < 0) return [ops];
  const after = first + renames.size;
  return [ops.slice(0, first), ops.slice(first, after), ops.slice(after)];
}

function sortSegment(segment: readonly Op[], sides: Sides): readonly Op[] {
  const known = [sides.to.dependencies, sides.from.dependencies].filter((one) => one !== undefined);
  let pieces: readonly Piece[] = segment.flatMap((op) => splitOfItself(op, sides.to, known) ?? [{ op }]);
  for (let splits = 0; ; splits++) {
    const list = new Entangled(pieces, sides, known);
    const sorted = list.sort();
    const split = splits < mostSplits ? list.split(sorted) : null;
    if (split === null) return inOrder(pieces, sorted);
    pieces = split;
  }
}

function inOrder(pieces: readonly Piece[], { order, loosened, broken }: Sorted): readonly Op[] {
  const unchecked = new Set([...loosened, ...broken].map(([, after]) => after));
  return order.flatMap((place) => {
    const op = pieces[place]?.op;
    if (op === undefined) return [];
    return [givesBody(op) && unchecked.has(place) ? { ...op, unchecked: true as const } : op];
  });
}

/** A list of ops with what each makes, removes and needs. */
class Entangled {
  readonly #pieces: readonly Piece[];
  readonly #roles: readonly Role[];
  readonly #sides: Sides;
  readonly #known: readonly Dependencies[];
  readonly #hard = new Map<number, Set<number>>();
  readonly #soft = new Map<number, Set<number>>();

  constructor(pieces: readonly Piece[], sides: Sides, known: readonly Dependencies[]) {
    this.#pieces = pieces;
    this.#sides = sides;
    this.#known = known;
    this.#roles = pieces.map(({ op, part }) => {
      const role = roleOf(op, sides);
      return part === undefined ? role : { ...role, makes: part.makes };
    });
  }

  #madeBy(place: number): readonly Address[] {
    return this.#roles[place]?.makes ?? [];
  }

  /** The list with those taken apart at which circles were opened; `null` when there is none that can be. */
  split({ broken }: Sorted): readonly Piece[] | null {
    const parts = new Map<number, readonly Piece[]>();
    for (const [before, after] of broken) {
      const split = this.#takeApart(after, before);
      if (split !== null) parts.set(after, split);
    }
    return parts.size === 0 ? null : this.#pieces.flatMap((piece, place) => parts.get(place) ?? [piece]);
  }

  #takeApart(place: number, before: number): readonly Piece[] | null {
    const piece = this.#pieces[place];
    if (piece === undefined || piece.part !== undefined) return null;
    return takeApart(piece.op, new Set(this.#madeBy(before)), this.#sides.to, this.#known);
  }

  sort(): Sorted {
    this.#keepNames();
    this.#makeAfterNeeds();
    this.#removeAfterUsers();
    this.#removeAfterRoutines();
    this.#asideAfterRoutines();
    this.#overloadsAfterThoseThatGo();
    const ops = this.#pieces.map(({ op }) => op);
    const orders = [
      ...persistenceOrder(ops, this.#sides),
      ...alteredBeforeInherited(ops, this.#sides.to),
      ...columnsBeforeAttached(ops, this.#sides.to),
      ...columnsOfParentsFirst(ops, this.#sides.from),
      ...inTheWayFirst(ops, this.#sides.from),
      ...freedByColumnsFirst(ops, this.#sides.from),
    ];
    for (const [before, after] of orders) this.#before(this.#hard, before, after);
    for (const [before, after] of namesKeptFirst(ops)) this.#before(this.#soft, before, after);
    return sortStable(this.#pieces.length, {
      hard: this.#hard,
      soft: this.#soft,
      yields: (place, before) => {
        const table = this.#pieces[place]?.op.kind === "create-table";
        return (this.#takeApart(place, before) === null ? 0 : 2) + (table ? 1 : 0);
      },
    });
  }

  #before(edges: Map<number, Set<number>>, before: number, after: number): void {
    if (before === after) return;
    const set = edges.get(after);
    if (set === undefined) edges.set(after, new Set([before]));
    else set.add(before);
  }

  /** Ops about one name keep their order, but something else of that name goes before what takes it. */
  #keepNames(): void {
    for (const found of places(this.#roles, ({ names }) => names).values()) {
      const ordered = found.length < 2 ? found : this.#freedFirst(found);
      for (const [position, place] of ordered.entries()) {
        const previous = ordered[position - 1];
        if (previous !== undefined) this.#before(this.#hard, previous, place);
      }
    }
  }

  #freedFirst(found: readonly number[]): readonly number[] {
    const subjects = (verb: string) =>
      found.flatMap((place) => {
        const kind = this.#pieces[place]?.op.kind ?? "";
        return kind.startsWith(verb) ? [kind.slice(verb.length)] : [];
      });
    const made = subjects("create-");
    const freed = new Set(subjects("drop-").filter((subject) => made.some((other) => other !== subject)));
    const frees = (place: number) => freed.has((this.#pieces[place]?.op.kind ?? "").slice("drop-".length));
    return [...found.filter(frees), ...found.filter((place) => !frees(place))];
  }

  #makeAfterNeeds(): void {
    const makers = places(this.#roles, ({ makes }) => makes);
    const mentionable = this.#mentionable(madeName);
    const completed = this.#completed();
    for (const [place, { op, part }] of this.#pieces.entries()) {
      const needs: Needs = part ?? needsOf(op, this.#madeBy(place), this.#known);
      for (const address of needs.addresses) {
        for (const maker of makers.get(address) ?? []) {
          // What goes before in the order of its name cannot wait for what comes after.
          if (maker < place || !this.#sharesName(maker, place)) this.#before(this.#hard, maker, place);
        }
        const whole = completed.get(address);
        if (whole !== undefined) this.#before(this.#soft, whole, place);
      }
      for (const text of needs.texts) {
        for (const maker of mentioned(text, mentionable)) {
          // Each of the two may name the other; ops that only change what is there wait for nobody.
          if (!this.#hard.get(maker)?.has(place)) this.#before(this.#soft, maker, place);
        }
      }
    }
  }

  #sharesName(a: number, b: number): boolean {
    const names = this.#roles[b]?.names ?? [];
    return (this.#roles[a]?.names ?? []).some((name) => names.includes(name));
  }

  /** What is made in parts, with the place of the op after which it is whole. */
  #completed(): ReadonlyMap<Address, number> {
    const found = new Map<Address, number>();
    for (const [place, { part }] of this.#pieces.entries()) {
      if (part?.completes !== undefined) found.set(part.completes, place);
    }
    return found;
  }

  /** The ops that do something to what has a name to be mentioned by, by that name in lower case. */
  #mentionable(nameOf: (op: Op) => string | undefined): ReadonlyMap<string, readonly number[]> {
    const byName = new Map<string, number[]>();
    for (const [place, { op, part }] of this.#pieces.entries()) {
      if (part?.completes !== undefined) continue;
      const name = nameOf(op)?.toLowerCase();
      if (name === undefined) continue;
      const list = byName.get(name);
      if (list === undefined) byName.set(name, [place]);
      else list.push(place);
    }
    return byName;
  }

  /** Routines over a type go while it still has the name by which they are known. */
  #asideAfterRoutines(): void {
    const { asides, from } = this.#sides;
    if (asides.size === 0 || from.dependencies === undefined) return;
    const types = new Map<Address, number>();
    for (const [place, { op }] of this.#pieces.entries()) {
      if (op.kind === "rename-domain") types.set(addressOf("domain", op.name), place);
      else if (op.kind === "rename-composite") types.set(addressOf("composite", op.name), place);
    }
    for (const [place, { op }] of this.#pieces.entries()) {
      if (op.kind !== "drop-defined") continue;
      for (const address of from.dependencies.get(definedAddress(op.object)) ?? []) {
        const aside = types.get(address);
        if (aside !== undefined) this.#before(this.#hard, place, aside);
      }
    }
  }

  /** Beside a function of the same name calls may be ambiguous: the one that goes is better gone before. */
  #overloadsAfterThoseThatGo(): void {
    const gone = new Map<string, number[]>();
    for (const [place, { op }] of this.#pieces.entries()) {
      if (op.kind !== "drop-defined" || !isOverloaded(op.object.kind)) continue;
      const list = gone.get(nameKey(op.object));
      if (list === undefined) gone.set(nameKey(op.object), [place]);
      else list.push(place);
    }
    if (gone.size === 0) return;
    for (const [place, { op }] of this.#pieces.entries()) {
      if (op.kind !== "create-defined" || !isOverloaded(op.object.kind)) continue;
      for (const before of gone.get(nameKey(op.object)) ?? []) this.#before(this.#soft, before, place);
    }
  }

  /**
   * A routine goes, or gets another body, before what its old body may speak of goes: on the way back it comes after that.
   */
  #removeAfterRoutines(): void {
    const gone = this.#mentionable(goneName);
    if (gone.size === 0) return;
    for (const [place, { op }] of this.#pieces.entries()) {
      if (op.kind !== "drop-defined" && op.kind !== "replace-defined") continue;
      const old = this.#sides.from.defined.get(definedKey(op.object));
      if (old === undefined || !isRoutine(old.kind)) continue;
      for (const remover of spokenOfBy(old).flatMap((name) => gone.get(name) ?? [])) {
        if (!this.#hard.get(place)?.has(remover)) this.#before(this.#soft, place, remover);
      }
    }
  }

  #removeAfterUsers(): void {
    const dependencies = this.#sides.from.dependencies;
    if (dependencies === undefined) return;
    const removers = places(this.#roles, ({ removes }) => removes);
    if (removers.size === 0) return;
    for (const [user, used] of dependencies) {
      const gone = removers.get(user);
      // The first takes it away; a default that is cleared may be set again when what it stood on is gone.
      const before = gone?.[0];
      if (gone === undefined || before === undefined) continue;
      for (const address of used) {
        for (const place of removers.get(address) ?? []) {
          // Two ops that both change what they touch (a column and its default) keep their order.
          if (!gone.includes(place)) this.#before(this.#hard, before, place);
        }
      }
    }
  }
}

function isOverloaded(kind: DefinedKind): boolean {
  return kind === "function" || kind === "procedure" || kind === "aggregate";
}

function places<T extends string>(
  roles: readonly Role[],
  of: (role: Role) => readonly T[],
): ReadonlyMap<T, readonly number[]> {
  const found = new Map<T, number[]>();
  for (const [place, role] of roles.entries()) {
    for (const address of of(role)) {
      const list = found.get(address);
      if (list === undefined) found.set(address, [place]);
      else list.push(place);
    }
  }
  return found;
}

/** The ops that make or take away what a text may speak of. */
function mentioned(text: string, mentionable: ReadonlyMap<string, readonly number[]>): ReadonlySet<number> {
  if (mentionable.size === 0) return new Set();
  return new Set([...namesIn(text)].flatMap((name) => mentionable.get(name) ?? []));
}
