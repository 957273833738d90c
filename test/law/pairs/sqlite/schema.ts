import type { Choices } from "../choices.js";
import { Draft, type Item } from "../item.js";
import { addConstraints } from "./constraints.js";
import { addIndexes, addTriggers, addViews } from "./others.js";
import { addTables } from "./tables.js";

/** A random SQLite schema. `LAW_WITHOUT=views,triggers` leaves kinds out, to look at others. */
export function sqliteSchema(choices: Choices): readonly Item[] {
  const left = (process.env["LAW_WITHOUT"] ?? "").split(",");
  const draft = new Draft();
  addTables(choices, draft);
  if (!left.includes("constraints")) addConstraints(choices, draft);
  if (!left.includes("indexes")) addIndexes(choices, draft);
  if (!left.includes("views")) addViews(choices, draft);
  if (!left.includes("triggers")) addTriggers(choices, draft);
  return draft.items;
}
