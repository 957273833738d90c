import { relative, sep } from "node:path";
import { AludelError } from "../error/error.js";
import { git } from "./git-revisions.js";

/** A commit that brought the file of a revision, or took it away. */
export interface Committed {
  readonly change: "added" | "removed";
  /** Abbreviated, as git does it. */
  readonly commit: string;
  /** A branch or tag that has the commit: `add-email`, `origin/main`; `null` when it is the one that is checked out. */
  readonly branch: string | null;
  /** False for a tag and for the branch of a remote, which can only be looked at. */
  readonly local: boolean;
  /** `2026-11-21` */
  readonly date: string;
  readonly subject: string;
  /** Relative to the folder that was asked about. */
  readonly file: string;
}

/** A person waits for an error message meanwhile. */
const timeoutMs = 5_000;

/**
 * Looks in all branches for commits that added or removed a file whose header has one of these ids, newest first. One
 * process of git, which is given a few seconds. Empty outside a repository, and where git does not answer.
 */
export async function findCommitted(
  root: string,
  folders: readonly string[],
  ids: readonly string[],
): Promise<readonly Committed[]> {
  const inside = folders.map((folder) => relative(root, folder).split(sep).join("/") || ".");
  const words = [
    "-c",
    "core.quotePath=false",
    "log",
    "--exclude=refs/stash",
    "--all",
    "--source",
    "--no-show-signature",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--diff-filter=AD",
    "--name-status",
    "--relative",
    "--date=short",
    "--format=%x00%h%x09%S%x09%ad%x09%s",
    "--pickaxe-regex",
    `-S${declaration(ids)}`,
    "--",
    ...inside,
  ];
  try {
    return readLog(await git(root, words, timeoutMs));
  } catch (error) {
    if (error instanceof AludelError) return [];
    throw error;
  }
}

/** What declares one of the ids in a revision of TypeScript or SQL, as a POSIX extended regular expression. */
function declaration(ids: readonly string[]): string {
  const escaped = ids.map((id) => id.replace(/[.[\]{}()*+?^$|\\]/g, "\\$&"));
  const any = `(${escaped.join("|")})`;
  const quote = "[\"'`]";
  return [
    `Revision:[[:space:]]*${any}[[:space:]]*$`,
    `(^|[^[:alnum:]_])${quote}?id${quote}?[[:space:]]*:[[:space:]]*${quote}${any}${quote}`,
  ].join("|");
}

function readLog(log: string): readonly Committed[] {
  return log.split("\0").flatMap((entry) => {
    const [first = "", ...lines] = entry.split("\n");
    const [commit = "", source = "", date = "", ...subject] = first.split("\t");
    return lines.flatMap((line): readonly Committed[] => {
      const found = /^([AD])\t(.+)$/.exec(line);
      if (found === null) return [];
      const [, change, file = ""] = found;
      return [
        {
          change: change === "A" ? "added" : "removed",
          commit,
          branch: source === "HEAD" ? null : source.replace(/^refs\/(?:heads|remotes|tags)\//, ""),
          local: source.startsWith("refs/heads/"),
          date,
          subject: subject.join("\t"),
          file,
        },
      ];
    });
  });
}
