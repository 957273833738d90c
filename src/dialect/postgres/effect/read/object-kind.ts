import type { ObjectKind } from "../../../../effect/syntax.js";

const kinds: Readonly<Record<string, ObjectKind>> = {
  OBJECT_TABLE: "table",
  OBJECT_FOREIGN_TABLE: "foreign-table",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized-view",
  OBJECT_INDEX: "index",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_COLUMN: "column",
  OBJECT_TABCONSTRAINT: "constraint",
  OBJECT_TRIGGER: "trigger",
  OBJECT_RULE: "rule",
  OBJECT_POLICY: "policy",
  OBJECT_TYPE: "type",
  OBJECT_DOMAIN: "domain",
  OBJECT_DOMCONSTRAINT: "domain-constraint",
  OBJECT_ATTRIBUTE: "attribute",
  OBJECT_SCHEMA: "schema",
  OBJECT_FUNCTION: "function",
  OBJECT_ROUTINE: "function",
  OBJECT_PROCEDURE: "procedure",
  OBJECT_AGGREGATE: "aggregate",
  OBJECT_OPERATOR: "operator",
  OBJECT_EXTENSION: "extension",
  OBJECT_COLLATION: "collation",
  OBJECT_STATISTIC_EXT: "statistics",
  OBJECT_PUBLICATION: "publication",
  OBJECT_SUBSCRIPTION: "subscription",
  OBJECT_EVENT_TRIGGER: "event-trigger",
  OBJECT_ROLE: "role",
  OBJECT_DATABASE: "database",
  OBJECT_TABLESPACE: "tablespace",
  OBJECT_FOREIGN_SERVER: "server",
};

export function objectKind(type: string | undefined): ObjectKind {
  return kinds[type ?? ""] ?? "other";
}

/** Kinds whose objects belong to a relation, and are named behind it: `table.column`. */
export const memberKinds: ReadonlySet<ObjectKind> = new Set([
  "column",
  "constraint",
  "trigger",
  "rule",
  "policy",
  "attribute",
  "domain-constraint",
]);
