import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commit, git } from "../cli/git.js";
import { aludel, type Result } from "../cli/run.js";
import { temporaryFolder } from "../temporary-folder.js";

const packages = join(import.meta.dirname, "../../node_modules");
const own = join(import.meta.dirname, "../..");

/** A repository of an application, and what somebody does in it. */
export interface Repository {
  readonly folder: string;
  read(file: string): string;
  write(file: string, text: string): void;
  commit(message: string): void;
  git(...words: readonly string[]): string;
  aludel(...words: readonly string[]): Promise<Result>;
  /** `aludel ci --json`, read. */
  gate(...words: readonly string[]): Promise<Gate>;
  revisions(): readonly string[];
}

export interface Gate {
  readonly exit: number;
  readonly clean: boolean;
  /** Checks that found something, with `file:line code` of what is more than to know. */
  readonly found: Readonly<Record<string, readonly string[]>>;
  readonly remedies: readonly string[];
  readonly messages: readonly string[];
}

export const persons = `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const persons = sqliteTable("persons", {
  id: integer().primaryKey(),
  name: text().notNull(),
  email: text(),
});
`;

/** An application with one revision on main, on a branch of its own. */
export async function makeRepository(
  more: Readonly<Record<string, unknown>> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Repository> {
  const folder = temporaryFolder({
    ".gitignore": "node_modules\n*.db*\n",
    "package.json": '{ "type": "module" }\n',
    "aludel.config.json": JSON.stringify({ schema: "models.ts", dialect: "sqlite", ...more }),
    "models.ts": persons,
    ...files,
  });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(own, join(folder, "node_modules/aludel"), "dir");
  symlinkSync(join(packages, "drizzle-orm"), join(folder, "node_modules/drizzle-orm"), "dir");
  const repository: Repository = {
    folder,
    read: (file) => readFileSync(join(folder, file), "utf8"),
    write: (file, text) => {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), text);
    },
    commit: (message) => commit(folder, message),
    git: (...words) => git(folder, ...words),
    aludel: (...words) => aludel(folder, words),
    gate: async (...words) => gateOf(await aludel(folder, ["ci", "--json", ...words])),
    revisions: () => readdirSync(join(folder, "revisions")).sort(),
  };
  git(folder, "init", "-q", "-b", "main");
  const made = await repository.aludel("revision", "--autogenerate", "-m", "persons");
  if (made.exit !== 0) throw new Error(made.stderr);
  repository.commit("the application");
  git(folder, "checkout", "-q", "-b", "change");
  return repository;
}

interface Answer {
  readonly clean: boolean;
  readonly checks: readonly {
    readonly check: string;
    readonly status: string;
    readonly error: { readonly code: string } | null;
    readonly findings: readonly {
      readonly severity: string;
      readonly code: string;
      readonly file: string | null;
      readonly line: number | null;
      readonly message: string;
      readonly remedy: string;
    }[];
  }[];
}

function gateOf({ exit, stdout, stderr }: Result): Gate {
  const answer = JSON.parse(stdout) as Answer;
  if (answer.checks === undefined) throw new Error(stdout + stderr);
  const findings = answer.checks.flatMap((one) => one.findings);
  const entries = answer.checks.flatMap(({ check, error, findings }) => {
    const told = findings
      .filter(({ severity }) => severity !== "info")
      .map(({ code, file, line }) => `${file}:${line} ${code}`);
    if (error !== null) told.push(error.code);
    return told.length === 0 ? [] : [[check, told] as const];
  });
  return {
    exit,
    clean: answer.clean,
    found: Object.fromEntries(entries),
    remedies: findings.map(({ remedy }) => remedy),
    messages: findings.map(({ message }) => message),
  };
}
