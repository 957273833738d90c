import type { Op } from "../../op/op.js";
import type { Operations, TableOperations } from "../operations.js";
import { columnDirectives } from "./column.js";
import { commentDirectives } from "./comment.js";
import { compositeDirectives } from "./composite.js";
import { constraintDirectives } from "./constraint.js";
import { dataDirectives } from "./data.js";
import { domainDirectives } from "./domain.js";
import { enumDirectives } from "./enum.js";
import { indexDirectives } from "./index.js";
import { namespaceDirectives } from "./namespace.js";
import { objectDirectives } from "./object.js";
import { partitionDirectives } from "./partition.js";
import { policyDirectives } from "./policy.js";
import { sequenceDirectives } from "./sequence.js";
import type { Spelling } from "./spelling.js";
import { tableDirectives } from "./table.js";
import { viewDirectives } from "./view.js";

/** The operations that are no more than ops: all but those that ask the database or order other operations. */
export type Directive = Exclude<
  keyof Operations,
  "dialect" | "arguments" | "batchAlterTable" | "autocommit" | "commit" | "query"
>;

/** What each directive means as ops. Total: an operation without an answer does not build. */
export type Directives = {
  readonly [K in Directive]: (...input: Parameters<Operations[K]>) => readonly Op[];
};

/** Checks the input of every directive and gives its ops, normalised. @throws AludelError `revision-invalid`. */
export function createDirectives(spelling: Spelling): Directives {
  return {
    ...namespaceDirectives,
    ...enumDirectives,
    ...sequenceDirectives(spelling),
    ...tableDirectives(spelling),
    ...columnDirectives(spelling),
    ...constraintDirectives(spelling),
    ...indexDirectives(spelling),
    ...partitionDirectives(spelling),
    ...domainDirectives(spelling),
    ...compositeDirectives(spelling),
    ...objectDirectives(spelling),
    ...viewDirectives(spelling),
    ...policyDirectives(spelling),
    ...commentDirectives,
    ...dataDirectives(spelling),
  };
}

/** The directives that may stand in a batch. */
export const tableDirectiveNames = Object.keys({
  addColumn: true,
  dropColumn: true,
  renameColumn: true,
  alterColumn: true,
  createPrimaryKey: true,
  createUniqueConstraint: true,
  createForeignKey: true,
  createCheckConstraint: true,
  createExcludeConstraint: true,
  dropConstraint: true,
  renameConstraint: true,
  alterTableOptions: true,
  setTableComment: true,
  setColumnComment: true,
  setConstraintComment: true,
} satisfies Record<keyof TableOperations, true>) as readonly (keyof TableOperations)[];
