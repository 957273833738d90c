import { hostname, userInfo } from "node:os";
import type { Row } from "../dialect/connection.js";
import { gitCommit } from "./git-commit.js";
import { version } from "./tool-version.js";

/** Who runs, from where, with what: the same for every revision of a run. */
export interface Runner {
  readonly toolVersion: string;
  readonly username: string | null;
  readonly hostname: string;
  readonly gitCommit: string | null;
}

/** Who is running this process. A user id without a name is no error. */
export function thisRunner(root: string): Runner {
  let username: string | null = null;
  try {
    username = userInfo().username;
  } catch {
    username = null;
  }
  return { toolVersion: version, username, hostname: hostname(), gitCommit: gitCommit(root) };
}

/** The columns of every table of Aludel's own that says who wrote a line, and what is in them. */
export function runnerColumns(runner: Runner): Readonly<Record<string, string | null>> {
  return {
    tool_version: runner.toolVersion,
    username: runner.username,
    hostname: runner.hostname,
    git_commit: runner.gitCommit,
  };
}

/** Who wrote a line, as these columns tell. */
export function runnerOf(row: Row): Runner {
  const text = (name: string) => (row[name] === null || row[name] === undefined ? null : String(row[name]));
  return {
    toolVersion: String(row["tool_version"]),
    username: text("username"),
    hostname: text("hostname") ?? "",
    gitCommit: text("git_commit"),
  };
}
