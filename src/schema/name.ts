/** The engines Aludel speaks. The one place outside `dialect/` where they are listed. */
export type DialectName = "postgres" | "sqlite";

/**
 * The name of an object that lives in a namespace.
 *
 * `namespace` is `null` for the connection's default namespace (PostgreSQL: the first existing entry of
 * `search_path`, usually `public`), so that the same schema fits a database where the default is another one.
 */
export interface ObjectName {
  readonly namespace: string | null;
  readonly name: string;
}

/** Key of an object in a `Schema` map. Injective: a dot inside a name cannot be taken for the separator. */
export function nameKey(name: ObjectName): string {
  return name.namespace === null ? name.name : `${name.namespace}\u0000${name.name}`;
}

/** The name as a person writes it, unquoted: `persons`, `billing.invoices`. For messages, never for SQL. */
export function showName(name: ObjectName): string {
  return name.namespace === null ? name.name : `${name.namespace}.${name.name}`;
}

/** Only the name of an object that has one; drops every other property. */
export function nameOf(object: ObjectName): ObjectName {
  return { namespace: object.namespace, name: object.name };
}

/** True when both names are the same name in the same namespace. */
export function sameName(a: ObjectName, b: ObjectName): boolean {
  return a.name === b.name && a.namespace === b.namespace;
}
