import type { Attributes, Meter } from "@opentelemetry/api";
import { dialects } from "../dialect/registry.js";
import type { Moment } from "./moment.js";

/** Seconds: locks are waited for between the blink of an eye and a few minutes, revisions may take hours. */
const lockBounds = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];
const workBounds = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 7200];

/** Counts and measures what happens in a run. */
export function createMetrics(meter: Meter): (moment: Moment) => void {
  const seconds = (name: string, description: string, bounds: readonly number[]) =>
    meter.createHistogram(name, {
      description,
      unit: "s",
      advice: { explicitBucketBoundaries: [...bounds] },
    });
  const lockWait = seconds(
    "aludel.lock.wait",
    "How long a run, or one of its statements, waited for a lock",
    lockBounds,
  );
  const revision = seconds("aludel.revision.duration", "How long a revision took", workBounds);
  const run = seconds("aludel.run.duration", "How long a run took", workBounds);
  const revisions = meter.createCounter("aludel.revisions", {
    description: "Revisions that ran",
    unit: "{revision}",
  });
  const gaveWay = meter.createCounter("aludel.lock.gave_way", {
    description: "Statements that gave way to others",
  });
  const rows = meter.createCounter("aludel.rows_changed", {
    description: "Rows that revisions changed",
    unit: "{row}",
  });
  return (moment) => {
    const { event } = moment;
    const all = commonAttributes(moment);
    switch (event.kind) {
      case "lock-taken":
        lockWait.record(event.milliseconds / 1000, { ...all, "aludel.lock": "run" });
        return;
      case "lock-waited": {
        const told = {
          ...all,
          "aludel.lock": "statement",
          "aludel.result": event.gaveWay ? "gave-way" : "acquired",
        };
        lockWait.record(event.milliseconds / 1000, told);
        if (event.gaveWay) gaveWay.add(1, all);
        return;
      }
      case "revision-finished":
      case "revision-failed": {
        const result = event.kind === "revision-finished" ? "succeeded" : "failed";
        const told = { ...all, "aludel.direction": event.direction, "aludel.result": result };
        revision.record(event.durationMs / 1000, told);
        revisions.add(1, told);
        if (event.cost.rowsChanged !== null) rows.add(event.cost.rowsChanged, all);
        return;
      }
      case "run-finished":
        run.record(event.milliseconds / 1000, { ...all, "aludel.result": "succeeded" });
        return;
      case "run-failed": {
        const { failure, milliseconds } = event;
        run.record(milliseconds / 1000, { ...all, "aludel.result": "failed", "error.type": failure.code });
        return;
      }
      default:
        return;
    }
  };
}

/** Few, and each of few values: neither revisions nor the databases of a fleet. */
function commonAttributes({ command, environment, dialect }: Moment): Attributes {
  return {
    "aludel.command": command,
    ...(environment === null ? {} : { "deployment.environment.name": environment }),
    ...(dialect === null ? {} : { "db.system.name": dialects[dialect].systemName }),
  };
}
