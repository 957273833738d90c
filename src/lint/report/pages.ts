import { showVersion } from "../../config/server-version.js";
import { exampleOf } from "../example.js";
import { aliasTools, type Example, policyTags, type Rule, type RuleGroup, ruleGroups } from "../rule.js";

const groupTitles: Readonly<Record<RuleGroup, string>> = {
  locks: "Locks and indexes",
  rewrites: "Rewrites of tables",
  scans: "Scans under a lock",
  "data-dependent": "What fails depending on the rows",
  destruction: "Destruction",
  compatibility: "Code that is still running",
  transaction: "Transactions and sessions",
  data: "Changes of data",
  types: "Types of columns",
  design: "Design",
  security: "Security",
  hygiene: "The files themselves",
  sqlite: "SQLite",
};

const toolTitles: Readonly<Record<(typeof aliasTools)[number], string>> = {
  squawk: "squawk",
  atlas: "Atlas",
  eugene: "eugene",
  pgsafe: "pgsafe",
  pgfence: "pgfence",
  pgls: "Postgres Language Server",
  "pg-migration-lint": "pg-migration-lint",
  "drizzle-migration-lint": "drizzle-migration-lint",
};

/** The pages of the documentation about rules, by their file names. */
export function rulePages(rules: readonly Rule[]): Readonly<Record<string, string>> {
  const pages = rules.map((rule) => [`${rule.id}.md`, rulePage(rule)] as const);
  return Object.fromEntries([["README.md", listPage(rules)], ...pages]);
}

function listPage(rules: readonly Rule[]): string {
  const groups = ruleGroups.flatMap((group) => {
    const own = rules.filter((rule) => rule.group === group);
    if (own.length === 0) return [];
    const rows = own.map(({ id, title, severity }) => `| [${id}](${id}.md) | ${cell(title)} | ${severity} |`);
    return [
      `## ${groupTitles[group]}\n\n| rule | finds | severity |\n| --- | --- | --- |\n${rows.join("\n")}\n`,
    ];
  });
  return `# Lint rules

Written from the code of the rules. How they are switched on and off, and how a finding is suppressed, is in
[lint.md](../lint.md).

${groups.join("\n")}`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

function rulePage(rule: Rule): string {
  const { id, title, why, remedy, bad, good } = rule;
  const parts = [
    `# ${id}`,
    `${title}.`,
    facts(rule),
    "## Why",
    why,
    "## What to do instead",
    remedy,
    "## Found",
    ...bad.map(showExample),
    "## Not found",
    ...good.map(showExample),
    ...aliasPart(rule),
  ];
  return `${parts.join("\n\n")}\n`;
}

function facts({ severity, group, dialects, since, until, small, tag, directions, expands }: Rule): string {
  const engines = dialects === "all" ? "all" : dialects.join(", ");
  const versions = [
    ...(since === undefined ? [] : [`from ${since}`]),
    ...(until === undefined ? [] : [`up to ${until}`]),
  ].join(" ");
  const rows: readonly (readonly [string, string])[] = [
    ["severity", severity],
    ["group", group],
    ["engines", engines],
    ...(versions === "" ? [] : [["server", versions] as const]),
    ["a small table", small === "harmless" ? "is no finding, where sizes are known" : "makes no difference"],
    ...(directions === undefined ? [] : [["ways", `${directions} only`] as const]),
    ...(expands === true
      ? [["several deploys", "`aludel lint --fix --expand` writes the revisions, on PostgreSQL"] as const]
      : []),
    ...(tag === undefined ? [] : [["permitted by", `\`${tag}: ${policyTags[tag]}\``] as const]),
  ];
  return `| | |\n| --- | --- |\n${rows.map(([name, value]) => `| ${name} | ${value} |`).join("\n")}`;
}

/** An example as Markdown: what was there before, then the file. */
export function showExample(example: Example): string {
  const { sql, before, note, serverVersion, downgrade, inTransaction } = exampleOf(example);
  const said = [
    ...(note === undefined ? [] : [note]),
    ...(serverVersion === undefined ? [] : [`server ${showVersion(serverVersion)}`]),
    ...(downgrade === true ? ["on the way back"] : []),
    ...(inTransaction === false ? ["outside a transaction"] : []),
  ].join("; ");
  const files = before === undefined ? [] : [before].flat();
  const blocks = files.map((text) => `-- an earlier file\n${text.trim()}`);
  const block = [...blocks, `${blocks.length === 0 ? "" : "-- this file\n"}${sql.trim()}`].join("\n\n");
  const head = said === "" ? "" : `${said.slice(0, 1).toUpperCase()}${said.slice(1)}:\n\n`;
  return `${head}\`\`\`sql\n${block}\n\`\`\``;
}

function aliasPart({ aliases }: Rule): readonly string[] {
  const rows = aliasTools.flatMap((tool) => {
    const names = aliases[tool];
    return names === undefined
      ? []
      : [`| ${toolTitles[tool]} | ${names.map((name) => `\`${name}\``).join(", ")} |`];
  });
  if (rows.length === 0) return [];
  return [
    "## Elsewhere",
    `Comments that name it as these tools do are understood.\n\n| tool | name |\n| --- | --- |\n${rows.join("\n")}`,
  ];
}
