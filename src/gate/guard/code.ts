import { join, relative, sep } from "node:path";
import { loadAnalyse } from "../../dialect/registry.js";
import type { Act } from "../../effect/act.js";
import { git } from "../../revision/git-revisions.js";
import type { Gate, GateFinding } from "../check.js";

/** Code in which SQL may stand in quotes. */
const code = /\.(?:[cm]?[jt]sx?|py|rb|go|java|kt|php|cs|rs|ex|exs)$/;

/** SQL that begins so may change a schema; whether it does, the parser says. */
const begins = /(["'`])\s*(?=(?:create|alter|drop|truncate)\s+[a-z])/gi;

/** SQL in the added lines of code that changes the schema without a revision. */
export async function codeFindings(gate: Gate, models: readonly string[]): Promise<readonly GateFinding[]> {
  const { config, dialect } = gate.project;
  const top = (await git(config.root, ["rev-parse", "--show-toplevel"])).trim();
  const excluded = [...config.revisionFolders, ...models].map((path) =>
    relative(top, path).split(sep).join("/"),
  );
  const isOurs = (path: string) => excluded.some((one) => path === one || path.startsWith(`${one}/`));
  const words = [
    "diff",
    "--no-color",
    "--no-ext-diff",
    "--no-renames",
    "-U0",
    "--diff-filter=AM",
    gate.base.commit,
    "--",
  ];
  const found: GateFinding[] = [];
  for (const { path, line, text } of addedLines(await git(top, words))) {
    if (!code.test(path) || isOurs(path) || isTest(path)) continue;
    for (const { at, sql } of quoted(text)) {
      const analyse = await loadAnalyse(dialect.name);
      const source = { file: path, text: sql };
      const statements = await analyse([source], { serverVersion: 18, inTransaction: false });
      const change = statements.flatMap(({ acts }) => acts).find(changesSchema);
      if (change === undefined) continue;
      found.push({
        check: "guard",
        code: "ddl-in-code",
        severity: "error",
        message: `Code changes the schema without a revision: ${sql.replace(/\s+/g, " ").trim().slice(0, 100)}`,
        remedy: "Write it into a revision, or list an exception in .aludel/guard-exceptions.txt.",
        file: join(top, path),
        line: line + (text.slice(0, at).match(/\n/g)?.length ?? 0),
        revision: null,
      });
    }
  }
  return found;
}

/** Tests make tables of their own. */
function isTest(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|specs?|fixtures|e2e)\/|[._](?:test|spec)\.\w+$/.test(path);
}

/** What makes and changes tables; temporary ones are nobody's schema. */
function changesSchema(act: Act): boolean {
  if (act.kind === "create-table") return !act.temporary;
  return "part" in act || act.kind === "create-index" || act.kind === "create-view" || act.kind === "drop";
}

interface Added {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/** Blocks of lines that were added, of git's own output. */
function addedLines(diff: string): readonly Added[] {
  const found: { path: string; line: number; text: string }[] = [];
  let path = "";
  for (const line of diff.split("\n")) {
    if (line.startsWith("+++ ")) path = line.slice(4).replace(/^b\//, "");
    else if (line.startsWith("@@")) {
      const start = Number(/\+(\d+)/.exec(line)?.[1] ?? 1);
      found.push({ path, line: start, text: "" });
    } else if (line.startsWith("+")) {
      const last = found.at(-1);
      if (last !== undefined) last.text += `${line.slice(1)}\n`;
    }
  }
  return found;
}

/** Texts in quotes that begin as SQL does that changes a schema. */
function* quoted(text: string): Generator<{ readonly at: number; readonly sql: string }> {
  for (const match of text.matchAll(begins)) {
    const [quote = ""] = match;
    const mark = match[1] ?? '"';
    const from = match.index + quote.length;
    let to = from;
    while (to < text.length && text[to] !== mark) to += text[to] === "\\" ? 2 : 1;
    // What is put in while the code runs is a name or a value: any will do to see what the statement is.
    yield { at: from, sql: text.slice(from, to).replace(/\$\{[^}]*\}/g, "x") };
  }
}
