import { AludelError } from "../error/error.js";
import { applyOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { copySchema } from "../schema/build.js";
import { nameKey, type ObjectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { type Place, type PlaceKind, placeKinds, type Rename } from "./contract.js";
import { findPlaces, formatPlace, hasPlace, parsePath, placeKey } from "./place.js";
import { type DoneRename, renameDependencies } from "./rename-dependencies.js";
import { renameOps } from "./rename-op.js";

/** A rename whose two ends are known. */
export interface DecidedRename {
  readonly from: Place;
  readonly to: Place;
}

/** One that is not carried out, or only as far as a name in between. */
interface Pending extends DecidedRename {
  readonly between?: Place;
}

/** A view by its old name, with the ops that give it the new one. */
export interface RenamedView {
  readonly name: ObjectName;
  readonly steps: readonly Op[];
}

/** The old schema with its renames behind it. */
export interface Renamed {
  readonly schema: Schema;
  /** All but those of views, in the order in which they run. */
  readonly ops: readonly Op[];
  /** Renames of views by the new name: a view that is made again anyway is not renamed. */
  readonly views: ReadonlyMap<string, RenamedView>;
  /** Names of tables that got another name or whose columns did, the old ones too, in lower case. */
  readonly tables: ReadonlySet<string>;
  /** What has another name now, in the order in which it got it. */
  readonly places: readonly DoneRename[];
  /** A place of the old schema as it is called after the renames. */
  readonly forward: (place: Place) => Place;
  /** The inverse of `forward`. */
  readonly backward: (place: Place) => Place;
}

function wrong(message: string, remedy: string): AludelError {
  return new AludelError("usage", message, { remedy });
}

function onlyOne(places: readonly Place[], text: string, what: string): Place {
  const [first, second] = places;
  if (first === undefined) {
    throw wrong(`Nothing called ${text} is ${what}`, "Give the name as the diff shows it, or leave it out.");
  }
  if (second === undefined) return first;
  const kinds = places.map((place) => place.kind);
  throw wrong(`${text} can be ${kinds.join(" or ")}`, `Say which in front of it: "${kinds[0]} ${text}".`);
}

/** What `--drop` names: there before, and not there after. @throws AludelError `usage`. */
export function resolveDrop(from: Schema, to: Schema, text: string, home: string | null = null): Place {
  const places = findPlaces(from, parsePath(text), home);
  const gone = places.filter((place) => !hasPlace(to, place));
  return onlyOne(gone, text, "dropped");
}

/** What `--rename` names. @throws AludelError `usage` when an end is not there, is there on both sides, or is two things. */
export function resolveRename(
  from: Schema,
  to: Schema,
  rename: Rename,
  home: string | null = null,
): DecidedRename {
  const isKind = (place: Place) => rename.kind === undefined || place.kind === rename.kind;
  const news = findPlaces(to, parsePath(rename.to), home).filter(isKind);
  const olds = findPlaces(from, parsePath(rename.from), home).filter(
    (place) => isKind(place) && news.some((other) => other.kind === place.kind),
  );
  const shown = `${rename.from}:${rename.to}`;
  // A constraint may be called like the column that it is on: the one of them that is gone is meant.
  const gone = olds.filter((place) => !hasPlace(to, place));
  const old = onlyOne(gone.length === 1 ? gone : olds, shown, "something that can be renamed");
  const now = onlyOne(
    news.filter((place) => place.kind === old.kind),
    shown,
    "something that can be renamed",
  );
  return { from: old, to: now };
}

/** Where a place is to be found after its owner was renamed; the member keeps its name. */
function inOwner(place: Place, owners: ReadonlyMap<string, ObjectName>): Place {
  if (place.member === null) return place;
  for (const kind of ownerKinds[place.kind] ?? []) {
    const owner = owners.get(placeKey({ kind, object: place.object, member: null }));
    if (owner !== undefined) return { ...place, object: owner };
  }
  return place;
}

const ownerKinds: { readonly [K in PlaceKind]?: readonly PlaceKind[] } = {
  "enum-value": ["enum"],
  attribute: ["composite"],
  column: ["table"],
  constraint: ["table"],
  index: ["table", "view"],
};

function requireSameOwner(rename: DecidedRename, owned: Place): void {
  if (nameKey(owned.object) === nameKey(rename.to.object)) return;
  throw wrong(
    `${formatPlace(rename.from)} cannot be renamed to ${formatPlace(rename.to)}: that belongs to something else`,
    "Rename what it belongs to as well, or move the data yourself.",
  );
}

/**
 * Carries out the renames. Chains (a to b, b to c) run from their end; names that are exchanged by way of a free one.
 *
 * @throws AludelError `usage` when a new name is still taken.
 */
export function applyRenames(from: Schema, decided: readonly DecidedRename[]): Renamed {
  const draft = copySchema(from);
  const ops: Op[] = [];
  const views = new Map<string, RenamedView>();
  const tables = new Set<string>();
  const owners = new Map<string, ObjectName>();
  const done: DoneRename[] = [];
  for (const kind of placeKinds) {
    const now = ({ between: place, from: old }: Pending) => place ?? inOwner(old, owners);
    let pending: readonly Pending[] = decided.filter((rename) => rename.from.kind === kind);
    while (pending.length > 0) {
      const free = pending.find((rename) => !hasPlace(draft, rename.to));
      const next = free ?? openCircle(pending, now);
      const place = now(next);
      if (place.member !== null) requireSameOwner(next, place);
      const to = free === undefined ? freePlace(next.to, draft) : next.to;
      const steps = renameOps(place, to, draft);
      for (const op of steps) applyOp(draft, op);
      pending = pending.filter((rename) => rename !== next);
      if (kind === "view" && free !== undefined)
        views.set(nameKey(next.to.object), { name: place.object, steps });
      else ops.push(...steps);
      if (free === undefined) {
        pending = [...pending, { ...next, between: to }];
        continue;
      }
      if (place.member === null) owners.set(placeKey(next.from), next.to.object);
      if (kind === "table" || kind === "column") {
        for (const one of [next.from, next.to]) tables.add(one.object.name.toLowerCase());
      }
      done.push({ old: next.from, now: next.to });
    }
  }
  const forwards = new Map(done.map(({ old, now }) => [placeKey(old), now]));
  const backwards = new Map(done.map(({ old, now }) => [placeKey(now), old]));
  const oldOwners = new Map(
    done.filter(({ now }) => now.member === null).map(({ old, now }) => [placeKey(now), old.object]),
  );
  const dependencies = renameDependencies(draft.dependencies, done);
  return {
    schema: dependencies === undefined ? draft : { ...draft, dependencies },
    ops,
    views,
    tables,
    places: done,
    forward: (place) => forwards.get(placeKey(place)) ?? inOwner(place, owners),
    backward: (place) => backwards.get(placeKey(place)) ?? inOwner(place, oldOwners),
  };
}

/**
 * The rename that a circle is opened at, by way of a name that nobody has: of names that are exchanged, whichever comes
 * first. @throws AludelError `usage` where no circle keeps a name from being free, and for views.
 */
function openCircle<T extends Pending>(pending: readonly T[], now: (rename: Pending) => Place): T {
  const taken = new Set(pending.map((rename) => placeKey(now(rename))));
  const circle = pending.find((rename) => taken.has(placeKey(rename.to)));
  if (circle === undefined || circle.from.kind === "view") throw stuck(pending);
  return circle;
}

/** A free name in the place of another one. */
function freePlace(place: Place, draft: Schema): Place {
  for (let number = 1; ; number++) {
    const name = `renaming_${number}`;
    const { object, member } = place;
    const other = member === null ? { ...place, object: { ...object, name } } : { ...place, member: name };
    if (!hasPlace(draft, other)) return other;
  }
}

function stuck(pending: readonly DecidedRename[]): AludelError {
  const shown = pending.map(({ from, to }) => `${formatPlace(from)}:${formatPlace(to)}`).join(", ");
  return wrong(
    `The renames ${shown} need a name that is still taken`,
    "Rename to a free name in one revision and to the final one in the next.",
  );
}
