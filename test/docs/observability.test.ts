import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configure, first } from "../deploy/project.js";
import { receiver } from "../observe/receiver.js";
import { revision, revisions, testProject } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { blocksOf, readPage, root } from "./blocks.js";

const page = readPage("docs/observability.md");
const source = (file: string) => readFileSync(join(root, "src/observe", file), "utf8");

/** The examples of JSON, in their order: a line of the log, the body of a webhook. */
const [line, body] = blocksOf(page)
  .filter(({ language }) => language === "json")
  .map(({ text }) => JSON.parse(text) as Record<string, unknown>);

test("the line of the log and the body of the webhook are what they are shown to be", async () => {
  const hook = await receiver();
  const project = await testProject("sqlite", revisions(first));
  configure(project, { smoke: [{ query: "SELECT 1" }], webhooks: [{ url: hook.url, on: ["success"] }] });
  await project.execute("SELECT 1");
  const { exit, stderr } = await project.run("deploy --log json");
  expect(exit, stderr).toBe(0);
  const lines = stderr
    .trim()
    .split("\n")
    .map((one) => JSON.parse(one) as Record<string, unknown>);
  const finished = lines.find(({ event }) => event === line?.["event"]);
  expect(Object.keys(line ?? {})).toEqual(Object.keys(finished ?? {}));
  expect(Object.keys(body ?? {})).toEqual(Object.keys(hook.received[0]?.body ?? {}));
});

test("every event, attribute and metric is in the page, and no other", () => {
  const events = [...source("log-lines.ts").matchAll(/\bline\(\s*"([\w.]+)"/g)].map(([, name]) => name);
  expect(events.length).toBeGreaterThan(25);
  const table = page.slice(page.indexOf("| `event` |"), page.indexOf("`error` has `kind`"));
  const named = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
  );
  expect(named.sort()).toEqual([...new Set([...events, "event", "message", "error"])].sort());
  const keys = (file: string) =>
    [...source(file).matchAll(/"((?:aludel|db|server|error|deployment)\.[\w.]+)"/g)].map(
      ([, name = ""]) => name,
    );
  const missing = [...keys("spans.ts"), ...keys("metrics.ts")].filter(
    (name) => !page.includes(`\`${name}\``),
  );
  expect([...new Set(missing)]).toEqual([]);
});

test("what is set up with --import hears of a run of the command line, to its last span", () => {
  const folder = temporaryFolder({
    "revisions/aaaa.ts": revision(first),
    "aludel.config.json": JSON.stringify({ environments: { dev: "sqlite:dev.db" } }),
    "instrumentation.mjs": `import { writeFileSync } from "node:fs";
import { trace } from "@opentelemetry/api";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
const names = [];
const exporter = {
  export(spans, done) {
    names.push(...spans.map(({ name }) => name));
    writeFileSync("spans.json", JSON.stringify(names));
    done({ code: 0 });
  },
  shutdown: async () => {},
};
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] }));
`,
  });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const { status, stderr } = spawnSync(process.execPath, [join(root, "dist/cli/main.js"), "upgrade"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "--import ./instrumentation.mjs" },
  });
  expect(stderr).not.toContain("OpenTelemetry");
  expect(status).toBe(0);
  const spans = JSON.parse(readFileSync(join(folder, "spans.json"), "utf8"));
  expect(spans).toEqual(["upgrade aaaa", "aludel upgrade"]);
});
