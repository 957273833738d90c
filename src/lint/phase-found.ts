import { type Found, foundOf, type LintedFile } from "./found.js";
import type { Rule } from "./rule.js";
import type { Severity } from "./severity.js";

/**
 * Holds what a revision says of its phase against what the other rules have said of its way up. It needs their findings, so
 * that no rule could ask it by itself.
 */
export function phaseFound(
  file: LintedFile,
  found: readonly Found[],
  rules: readonly Rule[],
  levelOf: (found: Found) => Severity,
): readonly Found[] {
  const unit = file.units.find(({ judged }) => judged.unit.direction === "upgrade");
  const phase = unit?.judged.unit.revision?.phase ?? "contract";
  const rule = rules.find(({ id }) => id === "phase-contradicted");
  if (unit === undefined || rule === undefined || phase === "contract") return [];
  const against = found.find((one) => one.unit === unit && takesAway(one, levelOf(one)));
  if (against === undefined) return [];
  const line = 1 + file.source.text.split("\n").findIndex((text) => /\bphase["']?\s*:/i.test(text));
  const say = {
    message: `The revision says "${phase}" of itself, and takes something away: ${against.say.message}`,
    ...(line > 0 && { line }),
  };
  const said = { rule, say, act: null, statement: null, number: null, inner: null };
  return [foundOf(file, unit, said)];
}

/** That it was approved changes nothing for code that is deployed. */
function takesAway({ rule }: Found, level: Severity): boolean {
  if (level === "off") return false;
  return rule.group === "compatibility" || (rule.tag === "destructive" && level !== "info");
}
