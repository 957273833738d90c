import { fullVersion } from "../config/server-version.js";
import { dialects, loadAnalyse, loadNarrowing } from "../dialect/registry.js";
import type { Analyse } from "../effect/statement.js";
import type { TypeUse } from "../effect/syntax.js";
import { columnType, table } from "../schema/build.js";
import type { DialectName } from "../schema/name.js";

/** True of rows whose value another type refuses or changes; `null` where no condition can tell. */
export type RefusedBy = (column: string, from: TypeUse, to: TypeUse, serverVersion: number) => string | null;

/** What the linter asks of an engine. */
export interface Engine {
  readonly name: DialectName;
  /** What takes several deploys can be written as several revisions. */
  readonly expands: boolean;
  readonly analyse: Analyse;
  readonly refusedBy: RefusedBy;
}

/** Loads no more of the engine's code than that. */
export async function loadEngine(name: DialectName): Promise<Engine> {
  const [analyse, narrowing] = [await loadAnalyse(name), await loadNarrowing(name)];
  const typeOf = ({ name: type, namespace, modifiers, dimensions }: TypeUse) =>
    columnType(type, modifiers.map(String), dimensions, namespace);
  return {
    name,
    expands: dialects[name].expands,
    analyse,
    refusedBy(column, from, to, serverVersion) {
      const change = { table: table("t"), column, from: typeOf(from), to: typeOf(to) };
      return narrowing(change, fullVersion(serverVersion))?.refuses ?? null;
    },
  };
}
