import { AludelError } from "../../../error/error.js";
import { showName } from "../../../schema/name.js";
import type { View } from "../../../schema/schema.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteList, quoteName } from "../quote.js";
import { parametersClause } from "./clause.js";
import { commentStatement } from "./comment.js";
import type { Group } from "./contract.js";

export const compileView: Group<"create-view" | "drop-view" | "rename-view"> = {
  "create-view": (op) => {
    const { view } = op;
    if (view.materialized && op.orReplace) throw noReplace(view);
    const steps = [step(viewStatement(view, op.orReplace === true), op)];
    if (view.comment !== null) {
      steps.push(step(commentStatement(`${viewKind(view)} ${quoteName(view)}`, view.comment), op));
    }
    return steps;
  },
  "drop-view": (op) => [
    step(`DROP ${viewKind(op)} ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op),
  ],
  "rename-view": (op) => [
    step(`ALTER ${viewKind(op)} ${quoteName(op.name)} RENAME TO ${quoteIdentifier(op.to)}`, op),
  ],
};

export function viewKind(view: { readonly materialized: boolean }): string {
  return view.materialized ? "MATERIALIZED VIEW" : "VIEW";
}

/** CREATE VIEW or CREATE MATERIALIZED VIEW, the query on lines of its own. */
export function viewStatement(view: View, orReplace: boolean): string {
  const columns = view.columns === undefined ? "" : ` ${quoteList(view.columns)}`;
  const head = [
    `CREATE ${orReplace ? "OR REPLACE " : ""}${viewKind(view)} ${quoteName(view)}${columns}`,
    view.method === null ? "" : ` USING ${quoteIdentifier(view.method)}`,
    parametersClause(view.parameters),
    view.tablespace === null ? "" : ` TABLESPACE ${quoteIdentifier(view.tablespace)}`,
  ];
  const tail = view.materialized && !view.withData ? "\nWITH NO DATA" : "";
  return `${head.join("")} AS\n${view.definition.replace(/[\s;]+$/, "")}${tail}`;
}

function noReplace(view: View): AludelError {
  return new AludelError("op-unsupported", "PostgreSQL cannot replace a materialised view", {
    remedy: "Drop the view and create it again.",
    where: { object: showName(view) },
  });
}
