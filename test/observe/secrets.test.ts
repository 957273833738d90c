import { randomUUID } from "node:crypto";
import { metrics, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect, test } from "vitest";
import { publicUrl } from "../../src/error/redact.js";
import { createRedactor } from "../../src/error/redactor.js";
import { configure, first } from "../deploy/project.js";
import { revision, revisions, testProject } from "../run/project.js";
import { receiver } from "./receiver.js";

const password = "Zq/7:x@kW%9";
const encoded = encodeURIComponent(password);
const token = "Bearer Qm9-very-secret";

/** All forms in which the secrets could stand in a text. */
const forms = [
  password,
  encoded,
  encoded.toLowerCase(),
  encodeURIComponent(encoded),
  JSON.stringify(password).slice(1, -1),
  token,
  "Qm9-very-secret",
  "tokenOfTheHook",
];

const found = (text: string) => forms.filter((form) => text.includes(form));

test("no password is in a log, a span, a metric, a webhook or a table, in any of its forms", async () => {
  const hook = await receiver();
  const spans = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }),
  );
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 60_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const project = await testProject("postgres", {});
  const role = `leaky_${randomUUID().slice(0, 8)}`;
  await project.execute(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${password}'`);
  const url = new URL(project.url);
  url.username = role;
  url.password = encoded;
  const said = JSON.stringify(`${url.href}?password=${encoded} or ${password} to ${hook.url} with ${token}`);
  const leaky = {
    id: "bbbb",
    revises: "aaaa",
    message: `as ${url.href}`,
    up: `await op.execute("CREATE ROLE nobody_${role} PASSWORD '${password}'; SELECT '${encoded}' -- ${encoded}");
    await op.execute("DROP ROLE nobody_${role}");
    await op.execute("DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = '" + ${said} + "'; END $$");`,
  };
  for (const [name, text] of Object.entries(revisions(first)))
    project.write(name.replace("revisions/", ""), text);
  project.write("bbbb.ts", revision(leaky));
  configure(
    { ...project, url: url.href },
    { webhooks: [{ url: hook.url, headers: { authorization: "$TOKEN" } }] },
    { revisions: "." },
  );
  const variables = { TOKEN: token };
  const outputs: string[] = [];
  for (const line of ["deploy --log json", "upgrade --log json -v", "upgrade --log json --json"]) {
    const { exit, stderr } = await project.run(line, { variables });
    expect(exit, stderr).toBeGreaterThan(0);
    outputs.push(stderr);
  }
  const log = outputs.join("");
  for (const event of ["run.failed", "step.finished", "op.started", "part.finished"]) {
    expect(log).toContain(`"${event}"`);
  }
  expect(found(log)).toEqual([]);
  const tables = await project.query(
    "SELECT error FROM aludel_run_log UNION ALL SELECT error FROM aludel_deploy",
  );
  expect(tables.filter(({ error }) => String(error).includes("or *** to"))).toHaveLength(4);
  expect(found(JSON.stringify(tables))).toEqual([]);
  expect(hook.events()).toContain("failure");
  expect(found(hook.received.map(({ text }) => text).join("\n"))).toEqual([]);
  const told = spans.getFinishedSpans().map(({ name, attributes, events, status, resource }) => ({
    ...{ name, attributes, events, status },
    resource: resource.attributes,
  }));
  expect(told.length).toBeGreaterThan(4);
  expect(JSON.stringify(told)).toContain("exception.message");
  expect(found(JSON.stringify(told))).toEqual([]);
  expect(found(JSON.stringify(measured.getMetrics()))).toEqual([]);
  trace.disable();
  metrics.disable();
  await project.execute(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
});

test("a password that is any word does not take the words away", () => {
  const redactor = createRedactor(
    () => ["postgres://postgres:postgres@localhost/app", "postgres://a:abc@h/d", "mysql://u:hunter22@h/d"],
    () => ["", "x"],
  );
  expect(redactor("postgres is not abc, and HUNTER22 is ax")).toBe("postgres is not abc, and *** is ax");
  expect(redactor("postgres://postgres:postgres@localhost/app")).toBe(
    "postgres://postgres:***@localhost/app",
  );
});

test("a URL that may be read has neither password nor options", () => {
  expect(publicUrl("postgres://app:p%40ss@h1:5432,h2/db?sslpassword=x&password=y")).toBe(
    "postgres://app@h1:5432,h2/db",
  );
  expect(publicUrl("postgres://app:p@s@s@h/db")).toBe("postgres://app@h/db");
  expect(publicUrl("sqlite:./dev.db")).toBe("sqlite:./dev.db");
});
