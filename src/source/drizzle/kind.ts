/**
 * What an exported value is. Drizzle marks its classes with a name under a registered symbol, so that this needs no
 * import of Drizzle and holds when the models were loaded with another copy of it.
 */
const entityKind = Symbol.for("drizzle:entityKind");
const isEnumMark = Symbol.for("drizzle:isPgEnum");
const isAliasMark = Symbol.for("drizzle:IsAlias");

/** A core of Drizzle that is read, and the engine it is for. */
export type Core = "pg-core" | "sqlite-core";

export type ModelKind = "table" | "view" | "materialized-view" | "enum" | "sequence" | "namespace" | "policy";

/** `foreign` is a table or view of an engine that is not read; `label` is what Drizzle calls its class. */
export type Classified =
  | { readonly is: "model"; readonly kind: ModelKind; readonly core: Core }
  | { readonly is: "foreign"; readonly label: string }
  | { readonly is: "role" }
  | { readonly is: "other" };

const models: Readonly<Record<string, { readonly kind: ModelKind; readonly core: Core }>> = {
  PgTable: { kind: "table", core: "pg-core" },
  PgView: { kind: "view", core: "pg-core" },
  PgMaterializedView: { kind: "materialized-view", core: "pg-core" },
  PgSequence: { kind: "sequence", core: "pg-core" },
  PgSchema: { kind: "namespace", core: "pg-core" },
  PgPolicy: { kind: "policy", core: "pg-core" },
  SQLiteTable: { kind: "table", core: "sqlite-core" },
  SQLiteView: { kind: "view", core: "sqlite-core" },
};

const other: Classified = { is: "other" };

/** The names of the classes of a value, its own first; empty for what Drizzle did not make. */
export function kindsOf(value: unknown): readonly string[] {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return [];
  const kinds: string[] = [];
  let prototype: unknown = Object.getPrototypeOf(value);
  while (prototype !== null && prototype !== undefined) {
    const maker: unknown = (prototype as { constructor?: unknown }).constructor;
    if (typeof maker === "function" && Object.hasOwn(maker, entityKind)) {
      kinds.push(String((maker as unknown as Record<symbol, unknown>)[entityKind]));
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return kinds;
}

/** True when a value was made by the class of Drizzle's that has this name. */
export function isKind(value: unknown, kind: string): boolean {
  return kindsOf(value).includes(kind);
}

/** What a value is. Looks only at its classes: an exported client or proxy is not made to do anything. */
export function classify(value: unknown): Classified {
  if (typeof value === "function") {
    const marked = isEnumMark in value && (value as unknown as Record<symbol, unknown>)[isEnumMark] === true;
    return marked ? { is: "model", kind: "enum", core: "pg-core" } : other;
  }
  const kinds = kindsOf(value);
  for (const kind of kinds) {
    const model = models[kind];
    if (model) return isAlias(value, model.kind) ? other : { is: "model", ...model };
  }
  if (kinds.includes("PgRole")) return { is: "role" };
  if (kinds.includes("Table") || kinds.includes("View")) return { is: "foreign", label: kinds[0] ?? "Table" };
  return other;
}

/** `alias(persons, "manager")` looks like a table but is one only within a query. */
function isAlias(value: unknown, kind: ModelKind): boolean {
  return kind === "table" && (value as Record<symbol, unknown>)[isAliasMark] === true;
}
