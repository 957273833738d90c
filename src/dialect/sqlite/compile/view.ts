import { AludelError } from "../../../error/error.js";
import { existing } from "../../../op/lookup.js";
import type { Op } from "../../../op/op.js";
import { nameKey, type ObjectName, showName } from "../../../schema/name.js";
import type { Schema, View } from "../../../schema/schema.js";
import type { CompileContext } from "../../dialect.js";
import { type Step, step } from "../../step.js";
import { mentionsName } from "../expression.js";
import { normalize } from "../normalize.js";
import { moveTrigger } from "../parse/create-trigger.js";
import { quote, quoteName } from "../quote.js";
import { ownersOfTriggersOver, triggersOf } from "./trigger.js";
import { branchRemedy, unsupported } from "./unsupported.js";

function requirePlain(view: View): void {
  if (view.materialized) throw materialized();
  if (Object.keys(view.parameters).length > 0) throw unsupported("options of views", branchRemedy);
}

export function materialized(): AludelError {
  return unsupported("materialised views", "Use a table that triggers keep, or an ordinary view");
}

function createViewText(view: View, ifNotExists = false): string {
  requirePlain(view);
  const { definition } = normalize.view(view);
  const columns = view.columns === undefined ? "" : ` (${view.columns.map(quote).join(", ")})`;
  return `CREATE VIEW ${ifNotExists ? "IF NOT EXISTS " : ""}${quoteName(view)}${columns} AS ${definition}`;
}

/** With `orReplace` the view is dropped first, and its INSTEAD OF triggers are made again. */
export function createView(op: Op<"create-view">, { before }: CompileContext): readonly Step[] {
  const create = createViewText(op.view, op.ifNotExists === true);
  if (!op.orReplace) return [step(create, op)];
  const statements = [
    `DROP VIEW IF EXISTS ${quoteName(op.view)}`,
    create,
    ...triggersOf(before, op.view).map((trigger) => trigger.definition),
  ];
  return statements.map((sql) => step(sql, op));
}

export function dropView(op: Op<"drop-view">): readonly Step[] {
  if (op.materialized) throw materialized();
  return [step(`DROP VIEW ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op)];
}

/** SQLite renames no views: the view is made again, with its triggers, under the new name. */
export function renameView(op: Op<"rename-view">, { before }: CompileContext): readonly Step[] {
  if (op.materialized) throw materialized();
  if (op.ifExists && !before.views.has(nameKey(op.name))) return [];
  const old = existing(before.views, op.name, "view");
  requireUnused(before, old, op.name);
  const triggers = triggersOf(before, op.name).map((trigger) => trigger.definition);
  const statements = [
    `DROP VIEW ${quoteName(op.name)}`,
    createViewText({ ...old, name: op.to }),
    ...triggers.map((sql) => moveTrigger(sql, op.to)),
  ];
  return statements.map((sql) => step(sql, op));
}

/** Nothing would tell that another view still names the old one, until somebody reads it. */
function requireUnused(before: Schema, old: View, name: ObjectName): void {
  const views = [...before.views.values()]
    .filter((view) => view !== old && mentionsName(view.definition, old.name))
    .map((view) => `view ${showName(view)}`);
  const triggers = ownersOfTriggersOver(before, old).map((owner) => `a trigger of ${showName(owner)}`);
  const users = [...views, ...triggers];
  if (users.length === 0) return;
  throw new AludelError(
    "op-unsupported",
    `SQLite cannot rename a view that others use: ${showName(name)} is in ${users.join(", ")}`,
    {
      remedy: "Drop these first and create them again afterwards, in the same revision.",
      where: { object: showName(name) },
    },
  );
}
