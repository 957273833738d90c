import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "../error/error.js";
import { createMetrics } from "./metrics.js";
import type { About, Listener, Redact } from "./moment.js";
import { startSpans } from "./spans.js";
import type { Api } from "./telemetry-api.js";

/** Milliseconds that a run waits at its end for what receives spans and metrics. */
const patienceMs = 5000;

export interface TelemetryOptions {
  readonly about: About;
  readonly version: string;
  readonly redact: Redact;
  /** `TRACEPARENT` and `TRACESTATE` of these make the run a part of somebody's trace. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Tells OpenTelemetry of a run, as whoever has set it up in this process wants to have it. */
export function createTelemetry(api: Api, { about, version, redact, variables }: TelemetryOptions): Listener {
  const tracer = api.trace.getTracer("aludel", version);
  const count = createMetrics(api.metrics.getMeter("aludel", version));
  const carrier = { traceparent: variables["TRACEPARENT"], tracestate: variables["TRACESTATE"] };
  const parent = api.propagation.extract(api.context.active(), carrier);
  const spans = startSpans(api, tracer, about, parent, redact);
  return {
    hear(moment) {
      spans.hear(moment);
      count(moment);
    },
    around: (work) => api.context.with(spans.run, work),
    async end() {
      spans.end();
      return flush(api, redact);
    },
  };
}

/** What is registered may have a buffer that would be lost with the process; the interface does not tell of it. */
async function flush(api: Api, redact: Redact): Promise<readonly string[]> {
  const stop = new AbortController();
  const late = pause(patienceMs, "late" as const, { signal: stop.signal }).catch(() => null);
  const flushed = await Promise.all(
    [api.trace.getTracerProvider(), api.metrics.getMeterProvider()].map(async (provider) => {
      try {
        return await Promise.race([behind(provider).forceFlush?.(), late]);
      } catch (error) {
        return `OpenTelemetry did not take everything: ${redact(messageOf(error))}`;
      }
    }),
  );
  stop.abort();
  return flushed.flatMap((one) =>
    one === "late" ? ["OpenTelemetry did not take everything in time"] : typeof one === "string" ? [one] : [],
  );
}

interface Flushing {
  forceFlush?(): Promise<unknown>;
}

/** What the interface gives may stand for another one. */
function behind(provider: object): Flushing {
  const { getDelegate } = provider as { getDelegate?(): object };
  return (getDelegate?.call(provider) ?? provider) as Flushing;
}
