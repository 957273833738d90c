import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/lint/finding.js";
import { rangeOf, textOf } from "../../../src/lint/place.js";
import { checkstyleReport } from "../../../src/lint/report/checkstyle.js";
import { githubReport } from "../../../src/lint/report/github.js";
import { gitlabReport } from "../../../src/lint/report/gitlab.js";
import { jsonReport } from "../../../src/lint/report/json.js";
import { junitReport } from "../../../src/lint/report/junit.js";
import { markdownReport } from "../../../src/lint/report/markdown.js";
import type { Report } from "../../../src/lint/report/report.js";
import { sarifReport } from "../../../src/lint/report/sarif.js";
import { terminalReport } from "../../../src/lint/report/terminal.js";
import { rules } from "../../../src/lint/rules/all.js";

const file = "db/naïve ü, <a>&b.sql";
const text = textOf(`-- a\n\tALTER TABLE "日本" DROP COLUMN note;\nSELECT 1;\n`);

function finding(words: string, parts: Partial<Finding>): Finding {
  const start = text.text.indexOf(words);
  return {
    precheck: null,
    rule: "drop-column",
    title: "DROP COLUMN",
    group: "destruction",
    severity: "error",
    message: `What "a|b" & <c> holds is lost: 100%`,
    remedy: "Say that it is meant: `destructive: approved`.",
    instead: [],
    object: "public.日本.note",
    file,
    range: rangeOf(text, { start, end: start + words.length }),
    revision: null,
    direction: "upgrade",
    statement: 0,
    sql: 'ALTER TABLE "日本" DROP COLUMN note',
    locks: [{ relation: "public.日本", mode: "ACCESS EXCLUSIVE", blocks: "reads and writes" }],
    work: { rewrites: [], scans: [], indexBuilds: [], foreignKeyChecks: [] },
    serverVersions: [18],
    fingerprint: "f1",
    fix: null,
    long: null,
    suppressed: null,
    ...parts,
  };
}

const findings = [
  finding("note", {}),
  finding("SELECT 1", { severity: "info", rule: "not-analysed", fingerprint: "f2", locks: [] }),
  finding("note", { fingerprint: "f3", suppressed: { by: "comment", reason: "old \u0007", line: 1 } }),
  finding("note", { fingerprint: "f4", suppressed: { by: "baseline", reason: null, line: null } }),
];
const sources = new Map([
  [file, text],
  ["db/clean.sql", textOf("SELECT 1;")],
]);
const report: Report = {
  findings,
  sources,
  rules,
  statements: 3,
  serverVersions: [18],
  obligations: [],
  failOn: "warning",
  version: "1.2.3",
};
const plain = (_: unknown, said: string) => said;

describe("a report", () => {
  test("on a terminal underlines what is meant, under tabs and wide characters", () => {
    expect(terminalReport(report, plain)).toBe(
      [
        `error[drop-column] What "a|b" & <c> holds is lost: 100%`,
        ` --> ${file}:2:31`,
        '2 | \tALTER TABLE "日本" DROP COLUMN note;',
        "  | \t                               ^^^^",
        "  | ACCESS EXCLUSIVE on public.日本: reads and writes wait",
        "  → Say that it is meant: `destructive: approved`.",
        "",
        `info[not-analysed] What "a|b" & <c> holds is lost: 100%`,
        ` --> ${file}:3:1`,
        "3 | SELECT 1;",
        "  | ^^^^^^^^",
        "  → Say that it is meant: `destructive: approved`.",
      ].join("\n"),
    );
  });

  test("as JSON keeps what is suppressed apart", () => {
    expect(jsonReport(report)).toMatchObject({
      clean: false,
      files: 2,
      counts: { error: 1, warning: 0, info: 1 },
      findings: [{ fingerprint: "f1", range: { line: 2, column: 31, startByte: 39 } }, { fingerprint: "f2" }],
      suppressed: [
        { fingerprint: "f3", suppressed: { by: "comment", line: 1 } },
        { fingerprint: "f4", suppressed: { by: "baseline" } },
      ],
    });
    expect(jsonReport({ ...report, findings: findings.slice(1) })).toMatchObject({ clean: true });
    expect(jsonReport({ ...report, findings: findings.slice(1), failOn: "info" })).toMatchObject({
      clean: false,
    });
  });

  test("for GitHub escapes what would end a property", () => {
    const [first = "", second = ""] = githubReport(report).split("\n");
    expect(first).toBe(
      "::error file=db/naïve ü%2C <a>&b.sql,line=2,endLine=2,col=31,endColumn=35,title=drop-column%3A DROP COLUMN::" +
        'What "a|b" & <c> holds is lost: 100%25. Say that it is meant: `destructive: approved`.',
    );
    expect(second).toMatch(/^::notice /);
  });

  test("in Markdown keeps to its table", () => {
    const rows = markdownReport(report)
      .split("\n")
      .filter((line) => line.startsWith("| error"));
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain("a\\|b");
    expect(rows[0]?.replaceAll("\\|", "").split("|")).toHaveLength(6);
    expect(markdownReport({ ...report, findings: [] })).toContain("nothing found");
  });

  test("for GitLab has what Code Quality asks for", () => {
    expect(gitlabReport(report)).toEqual([
      expect.objectContaining({
        check_name: "drop-column",
        severity: "major",
        fingerprint: "f1",
        location: { path: file, lines: { begin: 2, end: 2 } },
      }),
      expect.objectContaining({ severity: "info", fingerprint: "f2" }),
    ]);
  });

  test("as XML is well formed, whatever is in it", () => {
    const control = [finding("note", { message: 'a\u0000\u0007\ud800 "b" <c> & \uffff' })];
    for (const make of [junitReport, checkstyleReport]) {
      expect(wellFormed(make(report))).toBe(true);
      const xml = make({ ...report, findings: control });
      expect(wellFormed(xml)).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
      expect(xml).not.toMatch(/[\u0000-\u0008\uffff]|[\ud800-\udfff](?![\udc00-\udfff])/);
    }
    expect(junitReport(report)).toContain(
      '<testsuites name="aludel lint" tests="3" failures="1" errors="0">',
    );
    expect(checkstyleReport(report)).toContain('<error line="2" column="31" severity="error"');
  });
});

/** Every element that is opened is closed, and no text has a sign in it that would open one. */
function wellFormed(xml: string): boolean {
  const open: string[] = [];
  const rest = xml.replace(/^<\?xml[^?]*\?>/, "");
  for (const [, close, name = "", attributes = "", empty] of rest.matchAll(
    /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g,
  )) {
    if (/&(?!amp;|lt;|gt;|quot;|#10;)/.test(attributes)) return false;
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!empty) open.push(name);
  }
  const texts = rest.replace(/<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g, "");
  return open.length === 0 && !/[<>]|&(?!amp;|lt;|gt;|quot;|#10;)/.test(texts);
}

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] };
    };
    readonly results: readonly SarifResult[];
  }[];
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: Readonly<Record<string, number>>;
    };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly {
    readonly kind: string;
    readonly status: string;
    readonly justification?: string;
  }[];
}

describe("SARIF 2.1.0", () => {
  const { version, runs } = sarifReport(report) as Sarif;
  const [run] = runs;
  const results = run?.results ?? [];

  test("has a version, a tool with a name, and rules that results point at", () => {
    expect(version).toBe("2.1.0");
    expect(runs).toHaveLength(1);
    expect(run?.tool.driver.name).toBe("Aludel");
    for (const { ruleId, ruleIndex } of results) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  test("has for each result a level, a text, and a place in a file that is named by a URI", () => {
    expect(results).toHaveLength(4);
    for (const { level, message, locations, partialFingerprints } of results) {
      expect(["none", "note", "warning", "error"]).toContain(level);
      expect(message.text).toMatch(/\S/);
      const [{ physicalLocation }] = locations as [SarifResult["locations"][0]];
      expect(physicalLocation.artifactLocation.uri).toBe("db/na%C3%AFve%20%C3%BC%2C%20%3Ca%3E%26b.sql");
      const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = physicalLocation.region;
      expect(Math.min(startLine, startColumn, endLine, endColumn)).toBeGreaterThan(0);
      expect(endLine).toBeGreaterThanOrEqual(startLine);
      expect(Object.values(partialFingerprints)).toHaveLength(1);
    }
  });

  test("has what is suppressed, with the reason", () => {
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      undefined,
      undefined,
      [{ kind: "inSource", status: "accepted", justification: "old \u0007" }],
      [{ kind: "external", status: "accepted" }],
    ]);
  });
});
