import { AludelError } from "../../../error/error.js";
import type { Op } from "../../../op/op.js";
import { nameKey, type ObjectName, showName } from "../../../schema/name.js";
import type { View, ViewColumnProperties } from "../../../schema/schema.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteList, quoteName } from "../quote.js";
import { parametersClause } from "./clause.js";
import { columnTarget, commentStatement } from "./comment.js";
import type { Group } from "./contract.js";
import { storageStatements } from "./storage.js";

export const compileView: Group<"create-view" | "drop-view" | "rename-view" | "alter-view-column"> = {
  "create-view": (op) => {
    const { view } = op;
    if (view.materialized && op.orReplace) throw noReplace(view);
    if (!view.materialized && op.ifNotExists) throw noIfNotExists(view);
    const steps = [step(viewStatement(view, op), op)];
    if (view.comment !== null) {
      steps.push(step(commentStatement(`${viewKind(view)} ${quoteName(view)}`, view.comment), op));
    }
    for (const [column, properties] of Object.entries(view.columnProperties ?? {})) {
      steps.push(...viewColumnStatements(view, column, {}, properties, null).map((sql) => step(sql, op)));
    }
    return steps;
  },
  "alter-view-column": (op, { before, serverVersion }) => {
    const view = before.views.get(nameKey(op.name)) ?? { ...op.name, materialized: op.materialized };
    const old = "columnProperties" in view ? (view.columnProperties?.[op.column] ?? {}) : {};
    return viewColumnStatements(view, op.column, old, op.properties ?? {}, serverVersion).map((sql) =>
      step(sql, op),
    );
  },
  "drop-view": (op) => [
    step(`DROP ${viewKind(op)} ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op),
  ],
  "rename-view": (op) => [
    step(
      `ALTER ${viewKind(op)} ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)} RENAME TO ${quoteIdentifier(op.to)}`,
      op,
    ),
  ],
};

export function viewKind(view: { readonly materialized: boolean }): string {
  return view.materialized ? "MATERIALIZED VIEW" : "VIEW";
}

type ViewWords = Partial<Pick<Op<"create-view">, "orReplace" | "ifNotExists">>;

/** CREATE VIEW or CREATE MATERIALIZED VIEW, the query on lines of its own. */
export function viewStatement(view: View, { orReplace, ifNotExists }: ViewWords = {}): string {
  const columns = view.columns === undefined ? "" : ` ${quoteList(view.columns)}`;
  const head = [
    `CREATE ${orReplace ? "OR REPLACE " : ""}${viewKind(view)} ${ifNotExists ? "IF NOT EXISTS " : ""}${quoteName(view)}${columns}`,
    view.method === null ? "" : ` USING ${quoteIdentifier(view.method)}`,
    parametersClause(view.parameters),
    view.tablespace === null ? "" : ` TABLESPACE ${quoteIdentifier(view.tablespace)}`,
  ];
  const tail = view.materialized && !view.withData ? "\nWITH NO DATA" : "";
  return `${head.join("")} AS\n${view.definition.replace(/[\s;]+$/, "")}${tail}`;
}

/** What leads from one set of properties of a view's column to another (ALTER VIEW, ALTER MATERIALIZED VIEW). */
function viewColumnStatements(
  view: ObjectName & { readonly materialized: boolean },
  column: string,
  old: ViewColumnProperties,
  wanted: ViewColumnProperties,
  serverVersion: number | null,
): readonly string[] {
  const altered = `ALTER ${viewKind(view)} ${quoteName(view)}`;
  const head = `${altered} ALTER COLUMN ${quoteIdentifier(column)}`;
  const statements: string[] = [];
  if (old.default !== wanted.default) {
    statements.push(
      `${head} ${wanted.default === undefined ? "DROP DEFAULT" : `SET DEFAULT ${wanted.default}`}`,
    );
  }
  const place = { head: altered, relation: view, column };
  statements.push(...storageStatements(place, old.storage, wanted.storage, serverVersion));
  if (old.comment !== wanted.comment) {
    statements.push(commentStatement(columnTarget(view, column), wanted.comment ?? null));
  }
  return statements;
}

/** Only CREATE MATERIALIZED VIEW has the words. */
function noIfNotExists(view: View): AludelError {
  return new AludelError("op-unsupported", "PostgreSQL has no CREATE VIEW IF NOT EXISTS", {
    remedy: "Say orReplace instead, which is right in both cases.",
    where: { object: showName(view) },
  });
}

function noReplace(view: View): AludelError {
  return new AludelError("op-unsupported", "PostgreSQL cannot replace a materialised view", {
    remedy: "Drop the view and create it again.",
    where: { object: showName(view) },
  });
}
