import { assumedVersion } from "../config/server-version.js";
import type { DialectName } from "../schema/name.js";
import type { Engine } from "./engine.js";
import type { Finding } from "./finding.js";
import { lintFiles } from "./lint.js";
import { textOf } from "./place.js";
import { prepareSql, wayOf } from "./prepare-sql.js";
import type { Prepared } from "./prepared.js";
import type { Example, ExampleInput, Rule } from "./rule.js";

export function exampleOf(example: Example): ExampleInput {
  return typeof example === "string" ? { sql: example } : example;
}

/** The engine that an example is for, unless it says another. */
export function dialectOfExample(rule: Rule, example: Example): DialectName {
  const { dialect } = exampleOf(example);
  if (dialect !== undefined) return dialect;
  return rule.dialects === "all" ? "postgres" : (rule.dialects[0] ?? "postgres");
}

/** What is found in an example, with the rule it belongs to switched on. Only what is in its last file. */
export async function lintExample(
  engine: Engine,
  rules: readonly Rule[],
  rule: Rule,
  example: Example,
): Promise<readonly Finding[]> {
  const input = exampleOf(example);
  const before = input.before === undefined ? [] : [input.before].flat();
  const earlier = input.downgrade === true ? before.slice(0, -1) : before;
  const files = earlier.map((text, at) => prepareSql(`${at + 1}.sql`, textOf(text), { linted: false }));
  const last = input.downgrade === true ? bothWays(before.at(-1) ?? "", input) : oneWay(input);
  const { findings } = await lintFiles(engine, [...files, last], {
    rules,
    severityOf: ({ id, severity }) => (id === rule.id && severity === "off" ? "warning" : null),
    serverVersions: [input.serverVersion ?? assumedVersion[engine.name]],
    inTransaction: input.inTransaction ?? true,
    sizes: null,
    smallTableRows: 0,
  });
  const isAsked = ({ direction }: Finding) => input.downgrade !== true || direction === "downgrade";
  return findings.filter((finding) => finding.suppressed === null && isAsked(finding));
}

const revision = (message: string) => ({ id: "example", message, revises: [], format: "sql" }) as const;

function oneWay({ sql, message, typescript, phase }: ExampleInput): Prepared {
  const file = prepareSql("example.sql", textOf(sql), { linted: true });
  if (typescript !== undefined) {
    const source = textOf(typescript);
    const written = { ...revision(message ?? "example"), format: "ts" } as const;
    return {
      ...file,
      source,
      language: "typescript",
      revision: written,
      upgrade: { ...file.upgrade, places: [] },
    };
  }
  if (phase !== undefined) return { ...file, revision: { ...revision(message ?? "example"), phase } };
  return message === undefined ? file : { ...file, revision: revision(message) };
}

/** One text with the two ways, each of which sees the other's as blanks. */
function bothWays(up: string, { sql, message = "example", irreversible }: ExampleInput): Prepared {
  const blank = (text: string) => text.replace(/[^\n]/g, " ");
  return {
    ...prepareSql("example.sql", textOf(`${up}\n${sql}`), { linted: true }),
    revision: revision(message),
    upgrade: wayOf({ file: "example.sql", text: `${up}\n${blank(sql)}` }),
    downgrade: {
      ...wayOf({ file: "example.sql", text: `${blank(up)}\n${sql}` }),
      irreversible: irreversible ?? null,
    },
  };
}
