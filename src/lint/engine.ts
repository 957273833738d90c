import { loadAnalyse } from "../dialect/registry.js";
import type { Analyse } from "../effect/statement.js";
import type { DialectName } from "../schema/name.js";

/** What the linter asks of an engine. */
export interface Engine {
  readonly name: DialectName;
  readonly analyse: Analyse;
}

/** Loads no more of the engine's code than that. */
export async function loadEngine(name: DialectName): Promise<Engine> {
  return { name, analyse: await loadAnalyse(name) };
}
