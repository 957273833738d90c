import { setTimeout as pause } from "node:timers/promises";
import { context, metrics, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  InMemorySpanExporter,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, expect, test } from "vitest";
import { configure, deployProject, first, index } from "../deploy/project.js";
import { on, revisions, testProject } from "../run/project.js";

/** What somebody sets up before the command runs. Nothing is sent before it is asked for: the command has to flush. */
function setUp() {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 60_000 })],
  });
  trace.setGlobalTracerProvider(provider);
  const measured = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 60_000 });
  const meters = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(meters);
  return {
    spans: () => exporter.getFinishedSpans(),
    points: (name: string) =>
      measured
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap((scope) => scope.metrics)
        .filter(({ descriptor }) => descriptor.name === name)
        .flatMap(({ dataPoints }) => dataPoints as { value: unknown; attributes: object }[]),
  };
}

afterEach(() => {
  trace.disable();
  metrics.disable();
  context.disable();
  propagation.disable();
});

const parentOf = (span: ReadableSpan, all: readonly ReadableSpan[]) =>
  all.find((other) => other.spanContext().spanId === span.parentSpanContext?.spanId)?.name;

test("a deploy is a span, its parts are in it, and a revision is in its part, with what it is and cost", async () => {
  const project = await deployProject("sqlite", [index], { smoke: [{ query: "SELECT 1" }] });
  const telemetry = setUp();
  expect(await project.run("deploy")).toMatchObject({
    exit: 0,
    stderr: expect.not.stringContaining("listener"),
  });
  const spans = telemetry.spans();
  expect(spans.map((span) => [span.name, parentOf(span, spans)])).toEqual([
    ["aludel preflight", "aludel deploy"],
    ["aludel backup", "aludel deploy"],
    ["upgrade bbbb", "aludel upgrade"],
    ["aludel upgrade", "aludel deploy"],
    ["aludel verify", "aludel deploy"],
    ["aludel smoke", "aludel deploy"],
    ["aludel record", "aludel deploy"],
    ["aludel deploy", undefined],
  ]);
  const revision = spans.find(({ name }) => name === "upgrade bbbb");
  expect(revision).toMatchObject({ kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
  expect(revision?.attributes).toMatchObject({
    "db.system.name": "sqlite",
    "db.namespace": "dev.db",
    "deployment.environment.name": "production",
    "aludel.revision.id": "bbbb",
    "aludel.revision.message": "an index",
    "aludel.statements": 1,
    "aludel.rows_changed": 0,
  });
  expect(revision?.events.find(({ name }) => name === "statement")?.attributes).toMatchObject({
    "db.query.text": 'CREATE INDEX "ix_name" ON "persons" ("name")',
  });
  const [last] = ((await project.json("history --runs")).answer as { runs: { run: string }[] }).runs;
  expect(spans.at(-1)?.attributes["aludel.run.id"]).toBe(last?.run);
  expect(telemetry.points("aludel.revisions")).toMatchObject([
    { value: 1, attributes: { "aludel.result": "succeeded", "db.system.name": "sqlite" } },
  ]);
  expect(telemetry.points("aludel.run.duration")).toMatchObject([{ value: { count: 1 } }]);
});

test("what failed has a status, and a run is part of the trace that TRACEPARENT names", async () => {
  const wrong = { id: "bbbb", revises: "aaaa", up: 'await op.execute("INSERT INTO nowhere VALUES (1)");' };
  const project = await testProject("sqlite", revisions(first, wrong));
  const telemetry = setUp();
  propagation.setGlobalPropagator({
    inject: () => undefined,
    fields: () => ["traceparent"],
    extract: (outer, carrier: { traceparent?: string }) => {
      const [, traceId = "", spanId = ""] = (carrier.traceparent ?? "").split("-");
      return trace.setSpanContext(outer, { traceId, spanId, traceFlags: 1, isRemote: true });
    },
  });
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  const variables = { TRACEPARENT: `00-${traceId}-b7ad6b7169203331-01` };
  expect((await project.run("upgrade", { variables })).exit).toBe(2);
  const spans = telemetry.spans();
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
  for (const name of ["upgrade bbbb", "aludel upgrade"]) {
    const span = spans.find((one) => one.name === name);
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
    expect(span?.status.message).toContain("nowhere");
    expect(span?.attributes["error.type"]).toBe("upgrade-failed");
  }
  expect(spans.find((one) => one.name === "upgrade aaaa")?.status.code).toBe(SpanStatusCode.UNSET);
});

test("waiting for locks is a histogram of seconds", async () => {
  const up = 'await op.addColumn("persons", "email", t.text());';
  const project = await testProject("postgres", revisions(first, { id: "bbbb", revises: "aaaa", up }));
  configure(project, { timeouts: { lock: "300ms", retries: 20 } });
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  const telemetry = setUp();
  await on(project.url, project.folder, async (other) => {
    await other.run("BEGIN; SELECT * FROM persons");
    const running = project.run("upgrade");
    await pause(900);
    await other.run("ROLLBACK");
    expect((await running).exit).toBe(0);
  });
  const points = telemetry.points("aludel.lock.wait") as {
    value: { count: number; sum: number };
    attributes: Record<string, unknown>;
  }[];
  const gaveWay = points.find(({ attributes }) => attributes["aludel.result"] === "gave-way");
  expect(gaveWay?.attributes).toMatchObject({ "aludel.lock": "statement", "db.system.name": "postgresql" });
  expect(gaveWay?.value.count).toBeGreaterThan(0);
  expect(gaveWay?.value.sum).toBeGreaterThanOrEqual(0.3 * (gaveWay?.value.count ?? 0) - 0.01);
  expect(points.find(({ attributes }) => attributes["aludel.lock"] === "run")?.value.count).toBe(1);
  const revision = telemetry.spans().find(({ name }) => name === "upgrade bbbb");
  expect(revision?.attributes).toMatchObject({ "server.address": new URL(project.url).hostname });
  expect(revision?.events.map(({ name }) => name)).toContain("lock.gave_way");
});

test("a provider that does not answer is a warning, and a run does not fail of it", async () => {
  const project = await testProject("sqlite", revisions(first));
  const provider = new BasicTracerProvider();
  provider.forceFlush = () => Promise.reject(new Error("no collector"));
  trace.setGlobalTracerProvider(provider);
  const { exit, stderr } = await project.run("upgrade");
  expect(exit).toBe(0);
  expect(stderr).toContain("OpenTelemetry did not take everything: no collector");
});
