import { type DefinedName, readAddress, showDefined } from "../../schema/address.js";
import type { Address } from "../../schema/dependency.js";
import { type ObjectName, showName } from "../../schema/name.js";

/**
 * A place of a database that revisions may meet at. Names are in lower case and without the default namespace, so that
 * SQL text and ops that mean the same thing give the same place.
 */
export interface Place {
  readonly key: string;
  /** As a person reads it: `column persons.email`. */
  readonly label: string;
  /** The last part of its name. */
  readonly name: string;
  readonly kind: string;
  /** The key of the table or view that it is a part of. */
  readonly owner: string | null;
}

/** The namespace that names without one are in. */
export type DefaultNamespace = string | null;

const folded = ({ namespace, name }: ObjectName, standard: DefaultNamespace): ObjectName => ({
  namespace:
    namespace === null || namespace.toLowerCase() === standard?.toLowerCase()
      ? null
      : namespace.toLowerCase(),
  name: name.toLowerCase(),
});

/** The key of a table or view: they share their names. */
export function relationKey(name: ObjectName, standard: DefaultNamespace): string {
  const { namespace, name: own } = folded(name, standard);
  return JSON.stringify(["relation", namespace, own]);
}

/** A place of a kind that has a name in a namespace. */
export function objectPlace(kind: string, name: ObjectName, standard: DefaultNamespace): Place {
  const own = folded(name, standard);
  const isRelation = kind === "table" || kind === "view";
  return {
    key: isRelation ? relationKey(name, standard) : JSON.stringify([kind, own.namespace, own.name]),
    label: `${kind} ${showName(name)}`,
    name: own.name,
    kind,
    owner: null,
  };
}

/** A part of a table or view. */
export function partPlace(kind: string, owner: ObjectName, name: string, standard: DefaultNamespace): Place {
  const of = relationKey(owner, standard);
  return {
    key: JSON.stringify([kind, of, name.toLowerCase()]),
    label:
      kind === "rows" || name === "" ? `${kind} of ${showName(owner)}` : `${kind} ${showName(owner)}.${name}`,
    name: name.toLowerCase(),
    kind,
    owner: of,
  };
}

export function placeOf(address: Address, standard: DefaultNamespace): Place {
  const read = readAddress(address);
  if (read.kind === "defined") return definedPlace(read.key, standard);
  if ("owner" in read) return partPlace(read.kind, read.owner, read.part, standard);
  return objectPlace(read.kind, read.name, standard);
}

/** The inverse of `nameKey`. */
function nameOfKey(key: string): ObjectName {
  const [first = "", second] = key.split("\u0000");
  return second === undefined ? { namespace: null, name: first } : { namespace: first, name: second };
}

function definedPlace(key: string, standard: DefaultNamespace): Place {
  const [kind, named, table, signature] = JSON.parse(key) as [
    DefinedName["kind"],
    string,
    string | null,
    string,
  ];
  const name = nameOfKey(named);
  const on = table === null ? null : nameOfKey(table);
  const own = folded(name, standard);
  const owner = on === null ? null : relationKey(on, standard);
  return {
    // Of routines with one name, which of them a text means is for the engine to say.
    key: JSON.stringify([kind, own.namespace, own.name, owner]),
    label: showDefined({ kind, ...name, table: on, signature }),
    name: own.name,
    kind,
    owner,
  };
}
