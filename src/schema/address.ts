import type { Address } from "./dependency.js";
import { nameKey, type ObjectName } from "./name.js";
import type { Defined, ObjectKind } from "./schema.js";

/** The parts of tables and views that something may depend on, or that depend on something of their own. */
export type PartKind = "column" | "default" | "constraint" | "index" | "policy";

/** The address of an object that has a name in a namespace. Namespaces and extensions have `namespace: null`. */
export function addressOf(kind: Exclude<ObjectKind, "defined">, name: ObjectName): Address {
  return JSON.stringify([kind, name.namespace, name.name]) as Address;
}

/** The address of a part of a table or view. */
export function partAddress(kind: PartKind, owner: ObjectName, name: string): Address {
  return JSON.stringify([kind, owner.namespace, owner.name, name]) as Address;
}

export function definedAddress(object: DefinedName): Address {
  return JSON.stringify(["defined", definedKey(object)]) as Address;
}

/** An address taken apart: `owner` and `part` for parts, `key` for defined objects. */
export type ReadAddress =
  | { readonly kind: Exclude<ObjectKind, "defined">; readonly name: ObjectName }
  | { readonly kind: PartKind; readonly owner: ObjectName; readonly part: string }
  | { readonly kind: "defined"; readonly key: string };

/** The inverse of `addressOf`, `partAddress` and `definedAddress`. */
export function readAddress(address: Address): ReadAddress {
  const [kind, ...rest] = JSON.parse(address) as [ReadAddress["kind"], string | null, string, string];
  if (kind === "defined") return { kind, key: String(rest[0]) };
  const [namespace, name, part] = rest;
  if (isPart(kind)) return { kind, owner: { namespace, name }, part };
  return { kind, name: { namespace, name } };
}

function isPart(kind: Exclude<ReadAddress["kind"], "defined">): kind is PartKind {
  return ["column", "default", "constraint", "index", "policy"].includes(kind);
}

/** What a defined object is known by. Functions and procedures and aggregates share one set of names. */
export type DefinedName = Pick<Defined, "kind" | "namespace" | "name" | "table" | "signature">;

/** Only what a defined object is known by; drops every other property. */
export function definedName(object: DefinedName): DefinedName {
  const { kind, namespace, name, table, signature } = object;
  return { kind, namespace, name, table, signature };
}

/** Key of a defined object in `Schema.defined`. Injective. */
export function definedKey(object: DefinedName): string {
  const { kind, table, signature } = object;
  return JSON.stringify([kind, nameKey(object), table === null ? null : nameKey(table), signature]);
}

/** The object as a person writes it: `function billing.total(integer)`, `trigger users.touch`. For messages. */
export function showDefined({ kind, namespace, name, table, signature }: DefinedName): string {
  const word = kind.replaceAll("-", " ");
  const qualified = [table === null ? namespace : table.namespace, table?.name ?? null, name]
    .filter((part) => part !== null && part !== "")
    .join(".");
  const routine = kind === "function" || kind === "procedure" || kind === "aggregate" || kind === "operator";
  // Of a grant or a state it is how to take it back, which its name says already.
  const says = kind === "grant" || kind === "default-privileges" || kind === "trigger-state";
  const tail = !says && (routine || signature !== "") ? `(${signature})` : "";
  return `${word} ${qualified}${tail}`;
}
