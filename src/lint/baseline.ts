import { readFileSync } from "node:fs";
import { AludelError, messageOf } from "../error/error.js";
import type { Finding } from "./finding.js";

/** Findings that are known, by their fingerprints. */
export type Baseline = ReadonlySet<string>;

interface Entry {
  readonly fingerprint: string;
  /** For people who read the file. */
  readonly rule: string;
  readonly file: string;
  readonly message: string;
}

const version = 1;

/** @throws AludelError `usage` for a file that is no baseline, or is not there. */
export function readBaseline(file: string): Baseline {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new AludelError("usage", `The baseline cannot be read: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy: "Write it with `aludel lint --all --write-baseline`.",
    });
  }
  const findings = isRecord(input) && input["version"] === version ? input["findings"] : null;
  if (
    Array.isArray(findings) &&
    findings.every((one) => isRecord(one) && typeof one["fingerprint"] === "string")
  ) {
    return new Set(findings.map((one: Entry) => one.fingerprint));
  }
  throw new AludelError("usage", "The file is no baseline of this version", {
    where: { file },
    remedy: "Write it anew with `aludel lint --all --write-baseline`.",
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** What a baseline of these findings has in it: one line each, so that two branches can both add to it. */
export function showBaseline(findings: readonly Finding[]): string {
  const entries = findings
    .filter(({ suppressed }) => suppressed === null || suppressed.by === "baseline")
    .map(({ fingerprint, rule, file, message }): Entry => ({ fingerprint, rule, file, message }));
  const lines = entries.map((entry) => `    ${JSON.stringify(entry)}`);
  return `{\n  "version": ${version},\n  "findings": [${lines.length === 0 ? "" : `\n${lines.join(",\n")}\n  `}]\n}\n`;
}

/** Marks what the baseline has. */
export function withBaseline(findings: readonly Finding[], baseline: Baseline): readonly Finding[] {
  return findings.map((finding) =>
    finding.suppressed === null && baseline.has(finding.fingerprint)
      ? { ...finding, suppressed: { by: "baseline", reason: null, line: null } }
      : finding,
  );
}
