import type { Choices } from "../choices.js";
import { Draft, type Item } from "../item.js";
import { addIndexes } from "./indexes.js";
import { addChecks, addForeignKeys, addKeys } from "./keys.js";
import { addCollations, addExtensions, addPolicies, addStatistics } from "./others.js";
import { addNamespaces } from "./places.js";
import { addRoutines, addTriggers } from "./routines.js";
import { addSequences } from "./sequences.js";
import { addHeirs, addPartitioned, addTableSettings, addTables } from "./tables.js";
import { addTypes, type OwnType } from "./types.js";
import { addViews } from "./views.js";

type Generate = (choices: Choices, draft: Draft, types: readonly OwnType[]) => void;

/** Every kind of object, what others are made of first. */
const kinds: Readonly<Record<string, Generate>> = {
  tables: addTables,
  partitioned: addPartitioned,
  heirs: addHeirs,
  settings: addTableSettings,
  keys: addKeys,
  foreignKeys: addForeignKeys,
  checks: addChecks,
  indexes: addIndexes,
  sequences: addSequences,
  views: addViews,
  routines: addRoutines,
  triggers: addTriggers,
  policies: addPolicies,
  statistics: addStatistics,
};

/** A random PostgreSQL schema. `LAW_WITHOUT=views,triggers` leaves kinds out, to look at others. */
export function postgresSchema(choices: Choices): readonly Item[] {
  const left = (process.env["LAW_WITHOUT"] ?? "").split(",");
  const draft = new Draft();
  addNamespaces(choices, draft);
  addExtensions(choices, draft);
  addCollations(choices, draft);
  const types = left.includes("types") ? [] : addTypes(choices, draft);
  for (const [kind, generate] of Object.entries(kinds)) {
    if (!left.includes(kind)) generate(choices, draft, types);
  }
  return draft.items;
}
