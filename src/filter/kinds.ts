import { type DefinedKind, definedKinds, type ObjectKind } from "../schema/schema.js";

/**
 * What a filter can name: every kind of object that stands by itself, policies, which belong to tables, and virtual
 * tables, which are left alone and named.
 */
export type FilterKind = Exclude<ObjectKind, "defined"> | DefinedKind | "policy" | "virtual-table";

const ownKinds: Readonly<Record<Exclude<FilterKind, DefinedKind>, true>> = {
  namespace: true,
  extension: true,
  enum: true,
  domain: true,
  composite: true,
  sequence: true,
  table: true,
  view: true,
  policy: true,
  "virtual-table": true,
};

/** All of them, for checks and messages. */
export const filterKinds: readonly FilterKind[] = [
  ...(Object.keys(ownKinds) as Exclude<FilterKind, DefinedKind>[]),
  ...definedKinds,
];

/**
 * Kinds that are left out unless `include.kinds` names them: they differ from environment to environment (who may
 * do what, what is replicated where, what lies on other servers), so that a database's own is seldom the models'.
 */
export const optInKinds: ReadonlySet<FilterKind> = new Set<FilterKind>([
  "grant",
  "default-privileges",
  "publication",
  "foreign-data-wrapper",
  "server",
  "user-mapping",
  "foreign-table",
]);

/** Kinds that live in no namespace, so that none can leave them out. */
export const globalKinds: ReadonlySet<FilterKind> = new Set<FilterKind>([
  "extension",
  "language",
  "cast",
  "transform",
  "access-method",
  "event-trigger",
  "publication",
  "foreign-data-wrapper",
  "server",
  "user-mapping",
  "default-privileges",
  "grant",
]);
