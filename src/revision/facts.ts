import { AludelError } from "../error/error.js";
import { compiles } from "./compile-together.js";
import { blockCommentLines, type Header, readFields } from "./header.js";
import type { Contradiction, RevisionFacts } from "./known-facts.js";
import { parseFacts } from "./parse-facts.js";
import { plainScript } from "./plain-script.js";
import { checkText } from "./read-header.js";
import type { Revision } from "./revision.js";
import { type Property, type ScannedProperties, scanProperties } from "./scan-properties.js";
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
  const script = plainScript(text);
  const scanned = script !== null && compiles(script) ? scanProperties(text) : null;
  const comment = firstComment.exec(text)?.[1];
  if (scanned === null || comment === undefined) {
    const parsed = parseFacts(revision.file, text.replace(/^\uFEFF/, " "));
    return factsOf(revision, parsed.properties, parsed.comments);
  }
  return factsOf(revision, scanned.properties, [comment]);
}

const firstComment = /^\s*(\/\*[\s\S]*?\*\/)\s*(?!\/[*/])/;

/** The facts of a file that has nothing but a revision in it. They hold if the engine takes its script. */
export interface ScannedFacts {
  /** Whole in itself, as `compileTogether` wants it. */
  readonly script: string;
  readonly facts: RevisionFacts;
}

/** One comment and the import above the revision. */
const above =
  /^\s*(\/\*(?:[^*]|\*(?!\/))*\*\/)\s*(?:import\s*\{[\w$\s,]*\}\s*from\s*(?:"aludel"|'aludel')\s*;?\s*)?$/;
const below = /^\}\s*\)\s*;?\s*$/;
/** Comments to scripts of old, and to nobody else. */
const oldComment = /<!--|-->/;

/** What can be said of a revision as Aludel writes it, by going over its brackets; `null` for every other. */
export function scanFacts(revision: Revision, text: string): ScannedFacts | null {
  if (revision.format === "sql") return null;
  const scanned = scanProperties(text);
  const comment = scanned === null ? undefined : wholeComment(text, scanned);
  const script = comment === undefined ? null : plainScript(text);
  if (scanned === null || comment === undefined || script === null) return null;
  checkText(revision.file, text);
  return { script, facts: factsOf(revision, scanned.properties, [comment]) };
}

/** The comment above the revision, where there is nothing beside them in the file. */
function wholeComment(text: string, { start, end }: ScannedProperties): string | undefined {
  return below.test(text.slice(end)) && !oldComment.test(text)
    ? above.exec(text.slice(0, start))?.[1]
    : undefined;
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
  if (comment === undefined || saysTheSame(comment, header)) return [];
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

const created = /^[^\n]*\n \*\/$/;

/** True for the comment that is written for this header, if its message has no colon that may be one of a field. */
function saysTheSame(comment: string, { id, revises, dependsOn, labels }: Header): boolean {
  const depends = dependsOn.length === 0 ? "" : ` * Depends-On: ${dependsOn.join(", ")}\n`;
  const labelled = labels.length === 0 ? "" : ` * Labels: ${labels.join(", ")}\n`;
  const parents = revises.length === 0 ? "none" : revises.join(", ");
  const fields = ` * Revision: ${id}\n * Revises: ${parents}\n${depends}${labelled} * Created: `;
  const at = comment.indexOf(fields);
  return at !== -1 && comment.indexOf(":") > at && created.test(comment.slice(at + fields.length));
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
