import type { Step } from "../../dialect/step.js";
import { AludelError } from "../../error/error.js";
import { readSqlRevision } from "../sql-file.js";
import { headerLines, type RevisionContent } from "./render-revision.js";

/** A statement, and above it what a reviewer should know: the sentences of its op stand on the first of its statements. */
export type SqlStep = Pick<Step, "sql" | "transaction"> &
  Partial<Pick<Step, "assertion">> & { readonly comments?: readonly string[] };

/** What a new SQL revision file says. */
export interface SqlRevisionContent
  extends Pick<
    RevisionContent,
    | "id"
    | "revises"
    | "dependsOn"
    | "labels"
    | "message"
    | "repeatable"
    | "phase"
    | "waitsFor"
    | "createdAt"
    | "notes"
    | "loses"
  > {
  readonly upgrade: readonly SqlStep[];
  /** A string is the reason why there is no way back. */
  readonly downgrade: readonly SqlStep[] | string;
}

const commented = (line: string): string => (line === "" ? "--" : `-- ${line}`);

/** With its semicolon, which must not end up in a comment that the statement ends with. */
function terminated(sql: string): string {
  const text = sql.trim().replace(/;$/, "");
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  return lastLine.includes("--") ? `${text}\n;` : `${text};`;
}

/**
 * True where the runner commits between two statements, and would not know from their text that it has to. Around what
 * cannot be in a transaction it does so by itself.
 */
function isCommitted(before: SqlStep | undefined, after: SqlStep): boolean {
  if (before === undefined || before.transaction === "forbidden" || after.transaction === "forbidden") {
    return false;
  }
  return before.transaction !== "joins" || after.transaction === "alone";
}

function section(name: string, steps: readonly SqlStep[], comments: readonly string[]): string {
  const lines = [`-- aludel:${name}`, ...comments.map(commented)];
  const statements = steps.map((step, at) => {
    const commit = isCommitted(steps[at - 1], step) ? ["-- aludel:commit", ""] : [];
    const asked = step.assertion == null ? [] : [`-- aludel:assert ${step.assertion}`];
    const comments = (step.comments ?? []).map(commented);
    return [...commit, ...comments, ...asked, terminated(step.sql)].join("\n");
  });
  return [lines.join("\n"), ...statements].join(statements.length > 1 ? "\n\n" : "\n");
}

function cannotStand(cause: unknown): AludelError {
  return new AludelError("op-unsupported", "The statements cannot stand in a SQL revision", {
    remedy: "Write the revision in TypeScript.",
    ...(cause === null ? {} : { cause }),
  });
}

/**
 * The text of a SQL revision file.
 *
 * @throws AludelError `op-unsupported` for statements that a SQL file cannot hold, because a line of them would be taken
 * for the beginning of a section, or would not keep its end (the bodies of functions that were written on Windows).
 */
export function renderSqlRevision(content: SqlRevisionContent): string {
  const { upgrade, downgrade } = content;
  const steps = [...upgrade, ...(typeof downgrade === "string" ? [] : downgrade)];
  // Ends of lines are the file's own there: version control and editors change them, and reading makes them all one.
  if (steps.some(({ sql }) => sql.includes("\r\n"))) throw cannotStand(null);
  const back =
    typeof downgrade === "string"
      ? `-- aludel:downgrade none: ${downgrade.replace(/\s+/g, " ").trim()}`
      : section(
          "downgrade",
          downgrade,
          (content.loses ?? []).map((what) => `Does not bring back ${what}.`),
        );
  const header = headerLines(content).map(commented).join("\n");
  const text = `${header}\n\n${section("upgrade", upgrade, content.notes ?? [])}\n\n${back}\n`;
  try {
    readSqlRevision("revision.sql", text);
  } catch (thrown) {
    throw cannotStand(thrown);
  }
  return text;
}
