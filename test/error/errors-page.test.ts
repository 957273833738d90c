import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Code, codes } from "../../src/error/codes.js";
import { AludelError } from "../../src/error/error.js";
import { errorToJson, formatError } from "../../src/error/format.js";

const root = join(import.meta.dirname, "../..");
const page = join(root, "docs/errors.md");

const example = new AludelError(
  "environment-unknown",
  'There is no environment "pord" in the configuration',
  {
    where: { file: "/shop/aludel.config.ts" },
    data: { environments: ["development", "production"] },
    remedy: 'Did you mean "production"? The configuration has development, production.',
  },
);

/** The codes under the comments that group them in codes.ts. */
function groups(): readonly (readonly [title: string, codes: readonly Code[]])[] {
  const text = readFileSync(join(root, "src/error/codes.ts"), "utf8");
  return text
    .split(/^ {2}\/\/ /m)
    .slice(1)
    .map((part) => {
      const [title = "", ...lines] = part.split("\n");
      const found = lines.flatMap((line) => /^ {2}"?([a-z-]+)"?: \{/.exec(line)?.[1] ?? []);
      return [title[0]?.toUpperCase() + title.slice(1), found as Code[]] as const;
    });
}

function errorsPage(): string {
  const sections = groups().map(([title, members]) => {
    const rows = members.map((code) => `| \`${code}\` | ${codes[code].exit} | ${codes[code].title} |`);
    return [`## ${title}`, "", "| code | exit | what it means |", "|---|---|---|", ...rows, ""].join("\n");
  });
  return `# Errors

<!-- Generated from src/error/codes.ts: UPDATE=1 npx vitest run test/error writes it anew. -->

Every error has a code that stays the same between versions, says where it happened, and what to do next:

\`\`\`
${formatError(example, { directory: "/shop", colour: false, verbose: false })}
\`\`\`

Errors go to stderr. With \`--json\` they go to stdout instead, and nothing else does:

\`\`\`json
${JSON.stringify({ error: errorToJson(example) }, null, 2)}
\`\`\`

\`-v\` adds the errors that caused it. No password is ever printed.

Exit codes of every command: 0 yes, clean, done · 1 no (findings, drift, something pending, a question without an
answer) · 2 there is no answer (usage, configuration, connection, a statement that failed) · 3 a bug in Aludel.

${sections.join("\n")}`;
}

test("docs/errors.md tells of every code", () => {
  if (process.env["UPDATE"] === "1") writeFileSync(page, errorsPage());
  expect(
    groups()
      .flatMap(([, members]) => members)
      .sort(),
  ).toEqual(Object.keys(codes).sort());
  expect(readFileSync(page, "utf8")).toBe(errorsPage());
});
