import { basename, extname, relative } from "node:path";
import type { FileNameParts } from "../../revision/file-name.js";
import { ordinaryFacts, type RevisionFacts } from "../../revision/known-facts.js";
import type { FileReading } from "../../revision/read-files.js";
import type { Revision } from "../../revision/revision.js";
import { findLine, type Part } from "./find-line.js";
import type { Finding } from "./finding.js";

type NameOf = (parts: FileNameParts) => string;

/** What is wrong with one file, whatever the others say. */
export function fileFindings(reading: FileReading, nameOf: NameOf): readonly Finding[] {
  const { revision, facts } = reading;
  return [
    ...outsideFinding(reading),
    ...errorFinding(reading),
    ...(revision === null ? [] : nameFindings(revision, nameOf)),
    ...(revision === null || facts === null ? [] : factFindings(revision, facts)),
  ];
}

function outsideFinding({ folder, file, outside, revision }: FileReading): readonly Finding[] {
  if (outside === null) return [];
  return [
    {
      code: "revision-outside",
      severity: "error",
      message: `The file is a link that leads out of the revisions folder, to ${relative(folder, outside)}`,
      remedy: "Put the file itself into the folder, so that it is kept with the others.",
      file,
      line: 1,
      revision: revision?.id ?? null,
    },
  ];
}

function errorFinding({ file, error, revision }: FileReading): readonly Finding[] {
  if (error === null) return [];
  const { code, message, remedy, where } = error;
  const line = where.line ?? 1;
  return [{ code, severity: "error", message, remedy, file, line, revision: revision?.id ?? null }];
}

/** The file name as the configured template gives it for what the header says. */
function nameFindings(revision: Revision, nameOf: NameOf): readonly Finding[] {
  const { file, id, message, createdAt } = revision;
  if (createdAt === null) {
    return [
      finding(revision, "created", {
        code: "created-missing",
        severity: "warning",
        message: `The header of ${id} has no "Created:" with a date`,
        remedy: 'Write one into the comment at the top: "Created: 2026-11-21T05:30:00Z".',
      }),
    ];
  }
  const found = basename(file, extname(file));
  const expected = nameOf({ id, message, createdAt });
  if (found === expected) return [];
  return [
    finding(revision, null, {
      code: "revision-misnamed",
      severity: "warning",
      message: `The header of ${id} gives the file name ${expected}${extname(file)}, not ${basename(file)}`,
      remedy: "Rename the file, or correct message, date or id in the header, whichever is wrong.",
    }),
  ];
}

function factFindings(revision: Revision, facts: RevisionFacts): readonly Finding[] {
  if (facts === ordinaryFacts) return [];
  const findings: Finding[] = [];
  const add = (part: Part, said: Said) => findings.push(finding(revision, part, said));
  for (const { field, comment, code } of facts.contradictions) {
    add(field, {
      code: "revision-contradictory",
      severity: "error",
      message: `The comment at the top says "${field}: ${comment}", and the code says ${code}`,
      remedy: "The code counts. Correct whichever is wrong.",
    });
  }
  for (const name of facts.repeated) {
    add(isPart(name) ? name : "id", {
      code: "revision-contradictory",
      severity: "error",
      message: `The revision ${revision.id} has ${name} twice, of which only the last counts when it runs`,
      remedy: "Keep one of them.",
    });
  }
  if (facts.upgrade === "missing") {
    add("upgrade", {
      code: "upgrade-missing",
      severity: "error",
      message: `The revision ${revision.id} has no upgrade`,
      remedy: "Write async upgrade(op) { … }.",
    });
  }
  const isSql = revision.format === "sql";
  const mayLack = revision.repeatable === true && facts.downgrade === "missing";
  if (!mayLack && (facts.downgrade === "missing" || facts.downgrade === "unexplained")) {
    const what =
      facts.downgrade === "missing" ? "has no downgrade" : "refuses the downgrade and gives no reason";
    add("downgrade", {
      code: "downgrade-missing",
      severity: "error",
      message: `The revision ${revision.id} ${what}`,
      remedy: isSql
        ? 'Write it below "-- aludel:downgrade", or say why there is none: "-- aludel:downgrade none: reason".'
        : 'Write async downgrade(op) { … }, or as text why there is no way back: downgrade: "reason".',
    });
  }
  return findings;
}

const parts: readonly string[] = ["id", "revises", "dependsOn", "labels", "upgrade", "downgrade"];
const isPart = (name: string): name is Part => parts.includes(name);

type Said = Pick<Finding, "code" | "severity" | "message" | "remedy">;

function finding({ file, id }: Revision, part: Part | null, said: Said): Finding {
  return { ...said, file, line: part === null ? 1 : findLine(file, part), revision: id };
}
