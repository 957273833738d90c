import { relative, sep } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";
import { workflowCommand } from "../../lint/report/github.js";
import { xmlText } from "../../lint/report/xml.js";
import type { CheckResult, GateFinding } from "../check.js";
import type { GateResult } from "../run-gate.js";

/** Paths as others write them, from a folder on. */
export function shownFile(file: string, cwd: string): string {
  return relative(cwd, file).split(sep).join("/") || file;
}

/** The result for programs. */
export function gateData({ base, checks }: GateResult, cwd: string): unknown {
  return {
    base: { reference: base.reference, commit: base.commit },
    clean: checks.every(({ status }) => status === "passed" || status === "skipped"),
    checks: checks.map(({ error, findings, milliseconds, ...rest }) => ({
      ...rest,
      milliseconds: Math.round(milliseconds),
      error: error === null ? null : errorData(error),
      findings: findings.map((one) => ({
        ...one,
        file: one.file === null ? null : shownFile(one.file, cwd),
      })),
    })),
  };
}

function errorData(error: unknown) {
  if (!(error instanceof AludelError)) return { code: "internal", message: messageOf(error), remedy: null };
  const { code, message, remedy, where } = error;
  return { code, message, remedy, where };
}

/** Annotations of the lines of a pull request, as GitHub Actions takes them from the output. */
export function gateAnnotations({ checks }: GateResult, cwd: string): string {
  return checks
    .flatMap((result) => [...result.findings.map((one) => annotation(one, cwd)), ...broken(result)])
    .join("\n");
}

function annotation(
  { severity, check, code, message, remedy, file, line }: GateFinding,
  cwd: string,
): string {
  const place =
    file === null
      ? []
      : ([
          ["file", shownFile(file, cwd)],
          ["line", String(line ?? 1)],
        ] as const);
  return workflowCommand(severity, [...place, ["title", `${check}: ${code}`]], `${message}. ${remedy}`);
}

function broken({ check, status, error }: CheckResult): readonly string[] {
  if (status !== "broken") return [];
  const remedy = error instanceof AludelError ? ` ${error.remedy}` : "";
  return [workflowCommand("error", [["title", `${check}: no answer`]], `${messageOf(error)}.${remedy}`)];
}

const signs = { passed: "✅", failed: "❌", skipped: "➖", broken: "💥" } as const;

/** The summary for people, in Markdown. */
export function gateMarkdown({ base, checks }: GateResult, cwd: string): string {
  const rows = checks.map(
    ({ check, status, looked, skipped, milliseconds }) =>
      `| ${signs[status]} | ${check} | ${status} | ${cell(skipped ?? looked)} | ${(milliseconds / 1_000).toFixed(1)} s |`,
  );
  const found = checks.flatMap(({ findings }) => findings);
  const lines = found.map(({ severity, code, message, remedy, file, line }) => {
    const place = file === null ? "" : ` \`${shownFile(file, cwd)}${line === null ? "" : `:${line}`}\``;
    return `- **${severity}** ${code}${place}: ${cell(message)}  \n  ${cell(remedy)}`;
  });
  const errors = checks.flatMap(({ check, status, error }) =>
    status === "broken" ? [`- **no answer** ${check}: ${cell(messageOf(error))}`] : [],
  );
  return [
    `## Schema gate, against ${base.reference} (${base.commit.slice(0, 12)})`,
    "",
    "| | check | result | looked at | time |",
    "|---|---|---|---|---|",
    ...rows,
    ...(lines.length + errors.length === 0 ? [] : ["", ...lines, ...errors]),
    "",
  ].join("\n");
}

const cell = (text: string): string =>
  text.replaceAll("|", "\\|").replace(/\s+/g, " ").replaceAll("<", "&lt;");

/** JUnit's XML: a test a check. */
export function gateJunit({ checks }: GateResult, cwd: string): string {
  const failures = checks.filter(({ status }) => status === "failed").length;
  const errors = checks.filter(({ status }) => status === "broken").length;
  const cases = checks.map((result) => {
    const { check, status, looked, skipped, milliseconds } = result;
    const text = result.findings.map((one) => sentence(one, cwd)).join("\n");
    const inside =
      status === "failed"
        ? `<failure message="${xmlText(result.findings[0]?.message ?? "")}">${xmlText(text)}</failure>`
        : status === "broken"
          ? `<error message="${xmlText(messageOf(result.error))}"/>`
          : status === "skipped"
            ? `<skipped message="${xmlText(skipped ?? "")}"/>`
            : `<system-out>${xmlText([looked, text].filter((one) => one !== "").join("\n"))}</system-out>`;
    return `    <testcase classname="aludel" name="${check}" time="${(milliseconds / 1_000).toFixed(3)}">${inside}</testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="aludel ci" tests="${checks.length}" failures="${failures}" errors="${errors}">
  <testsuite name="aludel ci" tests="${checks.length}" failures="${failures}" errors="${errors}">
${cases.join("\n")}
  </testsuite>
</testsuites>
`;
}

function sentence({ severity, code, message, remedy, file, line }: GateFinding, cwd: string): string {
  const place = file === null ? "" : `${shownFile(file, cwd)}${line === null ? "" : `:${line}`} `;
  return `${place}${severity}[${code}] ${message}. ${remedy}`;
}

const levels = { error: "error", warning: "warning", info: "note" } as const;

/** SARIF 2.1.0. */
export function gateSarif({ checks }: GateResult, cwd: string, version: string): unknown {
  const findings = checks.flatMap(({ findings }) => findings);
  const ids = [...new Set(findings.map(({ check, code }) => `${check}/${code}`))];
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Aludel", version, rules: ids.map((id) => ({ id })) } },
        invocations: [{ executionSuccessful: checks.every(({ status }) => status !== "broken") }],
        results: findings.map(({ check, code, severity, message, remedy, file, line }) => ({
          ruleId: `${check}/${code}`,
          ruleIndex: ids.indexOf(`${check}/${code}`),
          level: levels[severity],
          message: { text: `${message}. ${remedy}` },
          locations:
            file === null
              ? []
              : [
                  {
                    physicalLocation: {
                      artifactLocation: {
                        uri: shownFile(file, cwd).split("/").map(encodeURIComponent).join("/"),
                        uriBaseId: "%SRCROOT%",
                      },
                      region: { startLine: line ?? 1 },
                    },
                  },
                ],
        })),
      },
    ],
  };
}
