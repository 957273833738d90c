import type { LintConfig } from "../config/lint-config.js";
import { AludelError } from "../error/error.js";
import { suggest } from "../error/suggest.js";
import { globPattern } from "./glob.js";
import { type Rule, ruleGroups } from "./rule.js";
import type { Severity } from "./severity.js";

/** How bad a rule is in a file, as somebody has said; `null` leaves it to the rule. */
export type SeverityOf = (rule: Rule, file: string) => Severity | null;

/**
 * The severities of the configuration: a rule's own before its group's, those for paths before those for all, later
 * ones before earlier ones.
 *
 * @throws AludelError `config-invalid` for a name that neither a rule nor a group has.
 */
export function severities(
  config: Pick<LintConfig, "rules" | "overrides">,
  rules: readonly Rule[],
  file: string | null,
): SeverityOf {
  const layers = [
    { rules: config.rules, matches: () => true },
    ...config.overrides.map(({ files, rules: some }) => ({ rules: some, matches: globPattern(files) })),
  ];
  for (const layer of layers) for (const name of Object.keys(layer.rules)) requireName(name, rules, file);
  const ordered = layers.reverse().filter((layer) => Object.keys(layer.rules).length > 0);
  return (rule, path) => {
    for (const layer of ordered) {
      const found = layer.rules[rule.id] ?? layer.rules[rule.group];
      if (found !== undefined && layer.matches(path)) return found;
    }
    return null;
  };
}

function requireName(name: string, rules: readonly Rule[], file: string | null): void {
  const names = [...rules.map(({ id }) => id), ...ruleGroups];
  if (names.includes(name)) return;
  const meant = suggest(name, names);
  throw new AludelError("config-invalid", `There is no lint rule ${name}`, {
    ...(file === null ? {} : { where: { file, object: `lint.rules.${name}` } }),
    remedy: meant === null ? "`aludel lint --explain` lists the rules." : `Did you mean "${meant}"?`,
  });
}
