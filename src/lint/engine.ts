import type { Dialect } from "../dialect/dialect.js";
import { loadAnalyse, loadDialect } from "../dialect/registry.js";
import type { Analyse } from "../effect/statement.js";
import type { DialectName } from "../schema/name.js";

/** What the linter asks of an engine. */
export interface Engine {
  readonly name: DialectName;
  readonly analyse: Analyse;
}

/** With as little of the engine's code as will do. */
export async function loadEngine(name: DialectName): Promise<Engine> {
  const analyse = await loadAnalyse(name);
  return analyse === null ? engineOf(await loadDialect(name)) : { name, analyse };
}

export async function engineOf(dialect: Dialect): Promise<Engine> {
  const { name, analyse } = dialect;
  if (analyse !== undefined) return { name, analyse };
  const { plainAnalysis } = await import("./plain-analysis.js");
  return { name, analyse: plainAnalysis(dialect) };
}
