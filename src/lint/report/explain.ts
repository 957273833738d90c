import { showVersion } from "../../config/server-version.js";
import { exampleOf } from "../example.js";
import { type Example, policyTags, type Rule, ruleGroups } from "../rule.js";

/** All about a rule, for a terminal. */
export function explainRule(rule: Rule, paint: (style: "bold" | "dim", text: string) => string): string {
  const { id, title, why, remedy, severity, group, tag, bad, good } = rule;
  const permitted = tag === undefined ? "" : `; permitted by "${tag}: ${policyTags[tag]}"`;
  const parts = [
    `${paint("bold", id)}  ${paint("dim", `${severity}, ${group}${permitted}`)}\n${title}`,
    why,
    remedy,
    `${paint("bold", "Found:")}\n${bad.map(showExample).join("\n\n")}`,
    `${paint("bold", "Not found:")}\n${good.map(showExample).join("\n\n")}`,
  ];
  return parts.join("\n\n");
}

function showExample(example: Example): string {
  const { sql, before, note, serverVersion, downgrade, inTransaction } = exampleOf(example);
  const said = [
    ...(note === undefined ? [] : [note]),
    ...(serverVersion === undefined ? [] : [`server ${showVersion(serverVersion)}`]),
    ...(downgrade === true ? ["on the way back"] : []),
    ...(inTransaction === false ? ["outside a transaction"] : []),
  ];
  const files = before === undefined ? [] : [before].flat();
  const lines = [
    ...(said.length === 0 ? [] : [`-- ${said.join("; ")}`]),
    ...files.flatMap((text) => ["-- an earlier file", ...text.trim().split("\n")]),
    ...(files.length === 0 ? [] : ["-- this file"]),
    ...sql.trim().split("\n"),
  ];
  return lines.map((line) => `  ${line}`).join("\n");
}

/** The rules, one line each, by their groups. */
export function listRules(
  rules: readonly Rule[],
  paint: (style: "bold" | "dim", text: string) => string,
): string {
  const width = Math.max(...rules.map(({ id }) => id.length));
  const parts = ruleGroups.flatMap((group) => {
    const own = rules.filter((rule) => rule.group === group);
    if (own.length === 0) return [];
    const lines = own.map(
      ({ id, title, severity }) => `  ${id.padEnd(width)}  ${paint("dim", severity.padEnd(7))}  ${title}`,
    );
    return [[paint("bold", group), ...lines].join("\n")];
  });
  return parts.join("\n\n");
}
