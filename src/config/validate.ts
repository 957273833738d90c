import { AludelError } from "../error/error.js";
import { type ConfigOrigin, complete } from "./complete.js";
import type { Config } from "./config.js";
import { type Mistake, mistakesInMeaning, mistakesOfShape } from "./mistakes.js";
import { checkShape } from "./shape.js";

/**
 * What a configuration file exports → the complete configuration, frozen.
 *
 * @throws AludelError `config-invalid` with every mistake at once, `environment-variable-missing` for `scratch`.
 */
export function validateConfig(input: unknown, origin: ConfigOrigin): Config {
  const checked = checkShape(input);
  const mistakes =
    "issues" in checked ? mistakesOfShape(input, checked.issues) : mistakesInMeaning(checked.config);
  if ("issues" in checked || mistakes.length > 0) throw invalid(mistakes, origin);
  return deepFreeze(complete(checked.config, origin));
}

function invalid(mistakes: readonly Mistake[], origin: ConfigOrigin): AludelError {
  const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
  return new AludelError("config-invalid", `The configuration has ${count}`, {
    where: { file: origin.file },
    details: mistakes.map(
      ({ path, found, remedy }) => `${path === "" ? "the whole" : path}: found ${found}; ${remedy}`,
    ),
    data: { mistakes },
    remedy: "Correct this in the file; every key is described by its type, see `ConfigInput`.",
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
