import type { ObjectActs } from "./act-object.js";
import type { DataActs, SessionActs } from "./act-session.js";
import type { TableActs } from "./act-table.js";

/** Every kind of act, and what it says. */
export interface Acts extends TableActs, ObjectActs, DataActs, SessionActs {}

export type ActKind = keyof Acts;

/**
 * What a statement does, in plain records that know no parser. A statement has one act, or several: a subcommand of
 * ALTER TABLE each, an element of CREATE SCHEMA each.
 */
export type Act<K extends ActKind = ActKind> = { [P in K]: { readonly kind: P } & Acts[P] }[K];

/** Subcommands of ALTER TABLE. */
export type TableAct = Extract<Act, { readonly part: number }>;

export function isTableAct(act: Act): act is TableAct {
  return "part" in act;
}
