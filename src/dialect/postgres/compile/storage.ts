import type { ColumnStorage } from "../../../schema/schema.js";
import { parameterName, parameterText } from "./clause.js";

/**
 * What follows ALTER COLUMN to lead from one storage to another (ALTER TABLE of the manual: SET STORAGE, SET
 * COMPRESSION, SET STATISTICS, SET and RESET of attribute options).
 */
export function storageActions(
  from: ColumnStorage | undefined,
  to: ColumnStorage | undefined,
): readonly string[] {
  const actions: string[] = [];
  if (from?.strategy !== to?.strategy) {
    actions.push(`SET STORAGE ${to?.strategy === undefined ? "DEFAULT" : to.strategy.toUpperCase()}`);
  }
  if (from?.compression !== to?.compression) actions.push(`SET COMPRESSION ${to?.compression ?? "default"}`);
  if (from?.statistics !== to?.statistics) actions.push(`SET STATISTICS ${to?.statistics ?? -1}`);
  const [before, after] = [from?.parameters ?? {}, to?.parameters ?? {}];
  const gone = Object.keys(before).filter((name) => !(name in after));
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  if (gone.length > 0) actions.push(`RESET (${gone.map(parameterName).join(", ")})`);
  if (set.length > 0) actions.push(`SET (${set.map(parameterText).join(", ")})`);
  return actions;
}
