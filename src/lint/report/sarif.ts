import { showVersion } from "../../config/server-version.js";
import type { Finding } from "../finding.js";
import type { Rule } from "../rule.js";
import type { Report } from "./report.js";

const levels = { error: "error", warning: "warning", info: "note", off: "none" } as const;

/**
 * The report in the Static Analysis Results Interchange Format 2.1.0 (OASIS), as GitHub's code scanning and others read
 * it. Suppressed findings are in it, each with its suppression.
 */
export function sarifReport({ findings, rules, version }: Report): unknown {
  const used = rules.filter(({ id }) => findings.some(({ rule }) => rule === id));
  const indexes = new Map(used.map(({ id }, index) => [id, index]));
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Aludel", version, rules: used.map(descriptor) } },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => result(finding, indexes.get(finding.rule) ?? -1)),
      },
    ],
  };
}

function descriptor({ id, title, why, remedy, severity, group }: Rule): unknown {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: plain(why) },
    help: { text: `${plain(why)}\n\n${plain(remedy)}`, markdown: `${why}\n\n${remedy}` },
    defaultConfiguration: { level: levels[severity], enabled: severity !== "off" },
    properties: { tags: [group] },
  };
}

/** Markdown of the kind that rules are written in, without its signs. */
const plain = (markdown: string): string => markdown.replaceAll("`", "");

function result(finding: Finding, ruleIndex: number): unknown {
  const { rule, severity, message, remedy, range, file, object, suppressed, fingerprint } = finding;
  const { line, column, endLine, endColumn, startByte, endByte } = range;
  const region = {
    startLine: line,
    startColumn: column,
    endLine,
    endColumn,
    byteOffset: startByte,
    byteLength: endByte - startByte,
  };
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text: `${message}. ${plain(remedy)}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(file), uriBaseId: "%SRCROOT%" }, region },
        ...(object === null ? {} : { logicalLocations: [{ fullyQualifiedName: object }] }),
      },
    ],
    partialFingerprints: { "aludel/v1": fingerprint },
    ...(suppressed === null ? {} : { suppressions: [suppression(suppressed)] }),
    properties: {
      direction: finding.direction,
      locks: finding.locks,
      work: finding.work,
      serverVersions: finding.serverVersions.map(showVersion),
    },
  };
}

const uriOf = (file: string): string => file.split("/").map(encodeURIComponent).join("/");

function suppression({ by, reason }: NonNullable<Finding["suppressed"]>): unknown {
  return {
    kind: by === "comment" || by === "tag" ? "inSource" : "external",
    status: "accepted",
    ...(reason === null ? {} : { justification: reason }),
  };
}
