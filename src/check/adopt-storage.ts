import { sameData } from "../schema/equal.js";
import type { Column, Constraint, Index, NotNull, Table, TableOptions, View } from "../schema/schema.js";
import type { Unsaid } from "../source/source.js";

type Silent = ReadonlySet<Unsaid>;

/** How a column is stored, and what its NOT NULL says beyond itself. */
export function adoptColumnStorage(own: Column, theirs: Column, silent: Silent): Column {
  const { storage = silent.has("column-storage") ? theirs.storage : undefined } = own;
  const notNull =
    silent.has("validity") && !own.nullable && !theirs.nullable
      ? adoptNotNull(own.notNull, theirs.notNull)
      : own.notNull;
  return {
    ...own,
    ...(storage !== undefined && { storage }),
    ...(notNull !== undefined && { notNull }),
    ...(silent.has("own-sequence") && adoptOwnSequence(own, theirs)),
  };
}

/** That of a column of the same type; with another one it would be another sequence. */
function adoptOwnSequence(own: Column, theirs: Column): Pick<Column, "own" | "identity"> {
  const { type, unlogged } = theirs.own ?? theirs.identity?.own ?? {};
  const adopted = { ...(type !== undefined && { type }), ...(unlogged !== undefined && { unlogged }) };
  const isOther = !sameData(own.type, theirs.type) || (own.identity === null) !== (theirs.identity === null);
  if (isOther || Object.keys(adopted).length === 0) return { identity: own.identity };
  const { identity } = own;
  return identity === null
    ? { identity, own: { ...adopted, ...own.own } }
    : { identity: { ...identity, own: { ...adopted, ...identity.own } } };
}

/** A name that is not said is no difference anyway; NO INHERIT and NOT VALID are. */
function adoptNotNull(own: NotNull | undefined, theirs: NotNull | undefined): NotNull | undefined {
  if (theirs?.noInherit !== true && theirs?.notValid !== true) return own;
  const { noInherit, notValid } = theirs;
  return {
    ...(own ?? { name: null, onConflict: null }),
    ...(noInherit && { noInherit }),
    ...(notValid && { notValid }),
  };
}

/** What has to do with the index of a key or an exclusion, and what of a foreign key or check is rarely said. */
export function adoptConstraintParts(own: Constraint, theirs: Constraint, silent: Silent): Constraint {
  const adopted: Record<string, unknown> = { ...own };
  const copy = (property: string, when: boolean) => {
    const value = (theirs as unknown as Record<string, unknown>)[property];
    if (when && adopted[property] === undefined && value !== undefined) adopted[property] = value;
  };
  copy("index", silent.has("index-storage"));
  copy("setColumns", silent.has("set-columns") && sameDeletion(own, theirs));
  copy("enforced", silent.has("validity"));
  copy("period", silent.has("temporal"));
  copy("withoutOverlaps", silent.has("temporal"));
  return adopted as unknown as Constraint;
}

/** The list belongs to the action: with another one it would mean something else. */
function sameDeletion(own: Constraint, theirs: Constraint): boolean {
  return own.kind === "foreign-key" && theirs.kind === "foreign-key" && own.onDelete === theirs.onDelete;
}

/** Where an index lies and how its keys are sampled; parameters of an operator class that both name. */
export function adoptIndexStorage(own: Index, theirs: Index, silent: Silent): Index {
  if (!silent.has("index-storage")) return own;
  const { tablespace = theirs.tablespace, statistics = theirs.statistics } = own;
  return {
    ...own,
    ...(tablespace !== undefined && { tablespace }),
    ...(statistics !== undefined && { statistics }),
    keys: own.keys.map((key, place) => {
      const { operatorClass, operatorClassParameters } = theirs.keys[place] ?? key;
      const unsaid = key.operatorClassParameters === undefined && key.operatorClass === operatorClass;
      return unsaid && operatorClassParameters !== undefined ? { ...key, operatorClassParameters } : key;
    }),
  };
}

type IndexOptions = Pick<TableOptions, "replicaIdentity" | "clusterOn">;

/** Replica identity and clustering, unless the index that they name is not there any more. */
export function adoptIndexOptions<O extends IndexOptions>(
  own: O | undefined,
  theirs: IndexOptions | undefined,
  isKept: (index: string) => boolean,
): O | IndexOptions | undefined {
  const { replicaIdentity, clusterOn } = theirs ?? {};
  const kept = {
    ...(replicaIdentity !== undefined &&
      (replicaIdentity.by !== "index" || isKept(replicaIdentity.index)) && { replicaIdentity }),
    ...(clusterOn !== undefined && isKept(clusterOn) && { clusterOn }),
  };
  return Object.keys(kept).length === 0 ? own : { ...kept, ...own };
}

/** True for the names of the indexes of `theirs` that `own` has too, those under its keys included. */
export function keptIndexes(own: Table | View, theirs: Table | View): (index: string) => boolean {
  const constraints = "constraints" in own ? own.constraints : [];
  const names = new Set([...own.indexes, ...constraints].map(({ name }) => name));
  if ("constraints" in theirs && constraints.some(({ kind }) => kind === "primary-key")) {
    // Its name is seldom said, and then it is kept.
    names.add(theirs.constraints.find(({ kind }) => kind === "primary-key")?.name ?? null);
  }
  return (index) => names.has(index);
}
