import type { Act } from "../../effect/act.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import type { ConstraintDefinition } from "../../effect/syntax.js";
import {
  findFunctions,
  findRelation,
  findType,
  type Relation,
  showRelation,
  type World,
} from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import { copiesColumn } from "./dual-write.js";
import type { Obligation } from "./obligation.js";

export type Left = Pick<Obligation, "kind" | "object" | "message" | "remedy">;

/** What a statement may leave behind: asked about the world in the end, it says whether it is still there. */
export type Ask = (end: World) => Left | null;

export interface LeftBehind {
  readonly ask: Ask;
  /** Only where a comment says that it is there for a time. */
  readonly onlyIfSaid: boolean;
}

/** All that a statement may leave to be done. */
export function leftBehind(statement: AnalysedStatement): readonly LeftBehind[] {
  return statement.acts.flatMap((act): readonly LeftBehind[] => {
    switch (act.kind) {
      case "add-constraint":
        return mayBeLeft(act.constraint) ? [{ ask: constraintLeft(act, statement), onlyIfSaid: false }] : [];
      case "alter-domain":
        return act.change.kind === "add-constraint" && act.change.constraint.notValid
          ? [{ ask: domainCheckLeft(act, statement), onlyIfSaid: false }]
          : [];
      case "create-trigger":
        return triggerLeft(act, statement);
      case "create-table":
      case "create-table-as":
      case "create-view":
      case "create-index":
        return madeLeft(statement);
      case "add-column":
        return columnLeft({ ...act, column: act.definition.name }, statement);
      case "drop-not-null":
        return columnLeft(act, statement);
      default:
        return [];
    }
  });
}

function mayBeLeft(constraint: ConstraintDefinition): boolean {
  if (constraint.notValid) return constraint.enforced;
  return constraint.kind === "check" && constraint.expression.condition.kind === "not-null";
}

function constraintLeft(act: Act<"add-constraint">, { before, position }: AnalysedStatement): Ask {
  const table = findRelation(before, act.table);
  const { constraint } = act;
  return (end) => {
    const now = table === undefined ? undefined : end.relations.get(table.id);
    if (now === undefined) return null;
    if (constraint.kind === "not-null") {
      const column = now.columns.get(constraint.column);
      const open = constraint.notValid && column?.notNull === true && !column.notNullValid;
      return open ? unvalidated(now, column.notNullName ?? column.name) : null;
    }
    const made = [...now.constraints.values()].find(
      (one) => one.bornAt === position && one.kind === constraint.kind && !one.inherited,
    );
    if (made === undefined || !made.enforced) return null;
    if (!made.validated) return unvalidated(now, made.name);
    if (made.kind !== "check" || made.expression.condition.kind !== "not-null") return null;
    const { column } = made.expression.condition;
    return now.columns.get(column)?.notNull === true ? needless(now, made.name, column) : null;
  };
}

function unvalidated(table: Relation, name: string): Left {
  const object = `${showRelation(table)}.${name}`;
  return {
    kind: "unvalidated",
    object,
    message: `${object} is NOT VALID: rows from before may break it`,
    remedy: `\`VALIDATE CONSTRAINT ${name}\` in a transaction of its own.`,
  };
}

function needless(table: Relation, name: string, column: string): Left {
  const object = `${showRelation(table)}.${name}`;
  return {
    kind: "leftover-check",
    object,
    message: `${object} says again that ${column} is NOT NULL`,
    remedy: `\`DROP CONSTRAINT ${name}\`: it was there to prove it.`,
  };
}

function domainCheckLeft(act: Act<"alter-domain">, { before }: AnalysedStatement): Ask {
  const type = findType(before, act.name);
  const { change } = act;
  return (end) => {
    const now = type === undefined ? undefined : end.types.get(type.id);
    if (now?.kind !== "domain" || change.kind !== "add-constraint" || !change.constraint.notValid)
      return null;
    const { name } = change.constraint;
    const check = [...now.checks].find(
      ([key, { validated }]) => !validated && (name === null || key === name),
    );
    if (check === undefined) return null;
    const object = `${showName(now)}.${check[0]}`;
    return {
      kind: "unvalidated",
      object,
      message: `${object} is NOT VALID: values from before may break it`,
      remedy: `\`ALTER DOMAIN … VALIDATE CONSTRAINT ${check[0]}\`.`,
    };
  };
}

function triggerLeft(act: Act<"create-trigger">, statement: AnalysedStatement): readonly LeftBehind[] {
  const table = findRelation(statement.before, act.table);
  if (table === undefined) return [];
  const bodies = findFunctions(statement.before, act.function).flatMap(({ body }) => body ?? []);
  const copied = act.forEachRow ? (bodies.map(copiesColumn).find((one) => one !== null) ?? null) : null;
  const ask: Ask = (end) => {
    const now = end.relations.get(table.id);
    const trigger = now?.triggers.get(act.name);
    if (now === undefined || trigger?.bornAt !== statement.position) return null;
    const object = `${showRelation(now)}.${act.name}`;
    const remedy = `Drop the trigger and its function when all running code writes only one of them.`;
    if (copied === null) return temporary(object, "trigger");
    const [from, to] = copied;
    return {
      kind: "dual-write",
      object,
      message: `${object} writes ${from} into ${to} with every row`,
      remedy,
    };
  };
  return [{ ask, onlyIfSaid: copied === null }];
}

function temporary(object: string, what: string): Left {
  const message = `${object} is there for a time only`;
  return { kind: "temporary", object, message, remedy: `Drop the ${what} in a revision.` };
}

/** What the statement has made. */
function madeLeft({ position, after }: AnalysedStatement): readonly LeftBehind[] {
  const ask: Ask = (end) => {
    const made = [...after.relations.values()].find(
      ({ bornAt, kind }) => bornAt === position && kind !== "sequence",
    );
    const now = made === undefined ? undefined : end.relations.get(made.id);
    return now === undefined ? null : temporary(showRelation(now), now.kind.replace("-", " "));
  };
  return [{ ask, onlyIfSaid: true }];
}

/** It is gone with the column, and when the column has another default, or NULL in another way, than the statement left it with. */
function columnLeft(
  { table: name, column }: Pick<Act<"drop-not-null">, "table" | "column">,
  { before, after }: AnalysedStatement,
): readonly LeftBehind[] {
  const table = findRelation(before, name);
  const made = table === undefined ? undefined : after.relations.get(table.id)?.columns.get(column);
  const ask: Ask = (end) => {
    const relation = table === undefined ? undefined : end.relations.get(table.id);
    const now = relation?.columns.get(column);
    if (relation === undefined || now === undefined || made === undefined) return null;
    const isSame =
      now.bornAt === made.bornAt &&
      now.notNull === made.notNull &&
      (now.default === null) === (made.default === null);
    if (!isSame) return null;
    const object = `${showRelation(relation)}.${column}`;
    return {
      kind: "temporary",
      object,
      message: `${object} is there, as it is, for a time only`,
      remedy: "Drop the column, or change it, in a revision.",
    };
  };
  return [{ ask, onlyIfSaid: true }];
}
