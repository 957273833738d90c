import { Script } from "node:vm";
import { AludelError } from "../error/error.js";
import { blockCommentLines, type Header, readFields } from "./header.js";
import type { Contradiction, RevisionFacts } from "./known-facts.js";
import { parseFacts } from "./parse-facts.js";
import { plainScript } from "./plain-script.js";
import { checkText } from "./read-header.js";
import type { Revision } from "./revision.js";
import { type Property, scanProperties } from "./scan-properties.js";
import { readSqlRevision } from "./sql-file.js";
import { scanLines } from "./sql-line.js";

/**
 * Reads the whole of a revision file and says what can be said without running it. JavaScript is compiled by the
 * engine, not run; what has types is parsed.
 *
 * @throws AludelError `revision-unreadable` with file and line, for a mistake anywhere in the file.
 */
export function readFacts(revision: Revision, text: string): RevisionFacts {
  checkText(revision.file, text);
  return revision.format === "sql" ? sqlFacts(revision, text) : scriptFacts(revision, text);
}

function scriptFacts(revision: Revision, text: string): RevisionFacts {
  const properties = compiles(text) ? scanProperties(text) : null;
  const comment = /^\s*(\/\*[\s\S]*?\*\/)\s*(?!\/[*/])/.exec(text)?.[1];
  if (properties === null || comment === undefined) {
    const parsed = parseFacts(revision.file, text.replace(/^\uFEFF/, " "));
    return factsOf(revision, parsed.properties, parsed.comments);
  }
  return factsOf(revision, properties, [comment]);
}

/** True when the file is plain JavaScript that the engine takes. Compiling runs none of it. */
function compiles(text: string): boolean {
  const script = plainScript(text);
  if (script === null) return false;
  try {
    new Script(script);
    return true;
  } catch {
    return false;
  }
}

function factsOf(
  revision: Revision,
  properties: readonly Property[],
  comments: readonly string[],
): RevisionFacts {
  const last = new Map(properties.map((property) => [property.name, property.value]));
  const upgrade = last.get("upgrade");
  const downgrade = last.get("downgrade");
  const seen = new Set<string>();
  const repeated = properties.filter(({ name }) => seen.size === seen.add(name).size).map(({ name }) => name);
  return {
    upgrade: upgrade === "given" ? "present" : "missing",
    downgrade:
      downgrade === "given"
        ? "present"
        : downgrade === undefined || downgrade === "nothing"
          ? "missing"
          : downgrade.text.trim() === ""
            ? "unexplained"
            : "refused",
    contradictions: contradictionsOf(revision, comments),
    repeated,
  };
}

const hasRevision = /\bRevision:/i;

function contradictionsOf(header: Header, comments: readonly string[]): readonly Contradiction[] {
  const comment = comments.find((one) => hasRevision.test(one));
  if (comment === undefined) return [];
  const lines = comment.startsWith("/*")
    ? blockCommentLines(comment)
    : comment.split("\n").map((line) => line.replace(/^\s*\/\/[ \t]?/, "").trimEnd());
  const { fields } = readFields(lines);
  const expected = {
    Revision: [header.id],
    Revises: header.revises,
    "Depends-On": header.dependsOn,
    Labels: header.labels,
  } as const;
  return Object.entries(expected).flatMap(([name, code]): readonly Contradiction[] => {
    const said = fields.get(name.toLowerCase());
    // A field that is not there says nothing.
    if (said === undefined || namesIn(said).join(",") === [...code].sort().join(",")) return [];
    const field = name as Contradiction["field"];
    return [{ field, comment: said === "" ? "nothing" : said, code: code.join(", ") || "none" }];
  });
}

/** The names of a field, in the order of the alphabet: which parent comes first means nothing. */
function namesIn(said: string): readonly string[] {
  const none = ["", "none", "<base>", "null", "-"];
  return said
    .split(/[\s,]+/)
    .filter((name) => !none.includes(name))
    .sort();
}

const downgradeMarker = /^[ \t]*--[ \t]*aludel:downgrade\b[ \t]*(none\b)?:?[ \t]*(.*?)[ \t]*\r?$/m;

function sqlFacts(revision: Revision, text: string): RevisionFacts {
  const { downgrade, upgrade } = readSqlRevision(revision.file, text);
  for (const section of [upgrade, downgrade]) {
    if (typeof section === "string") continue;
    const { open, quoted } = scanLines(section.text);
    if (open === null) continue;
    const line = section.line + Math.max(0, quoted.lastIndexOf(false));
    throw new AludelError("revision-unreadable", `The ${open} that is opened here never ends`, {
      remedy: "Close it, or restore the file from version control if it was cut off.",
      where: { file: revision.file, line },
    });
  }
  const marker = downgradeMarker.exec(text);
  const isRefused = marker?.[1] !== undefined;
  return {
    upgrade: "present",
    downgrade:
      marker === null ? "missing" : !isRefused ? "present" : marker[2] === "" ? "unexplained" : "refused",
    contradictions: [],
    repeated: [],
  };
}
