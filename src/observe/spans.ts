import type { Attributes, Context, Span, Tracer } from "@opentelemetry/api";
import { dialects } from "../dialect/registry.js";
import type { EventOf, Failure } from "../run/event.js";
import type { About, Moment, Redact } from "./moment.js";
import { showStatement } from "./statement.js";
import type { Api } from "./telemetry-api.js";

/** The spans of a run: the run, in it the parts of a deploy and the databases of a rollout, and in these one a revision. */
export interface Spans {
  readonly run: Context;
  hear(moment: Moment): void;
  /** Ends those that nobody has ended. */
  end(): void;
}

/** What is open of one database. */
interface Open {
  database: Span | null;
  part: Span | null;
  revision: Span | null;
}

export function startSpans(api: Api, tracer: Tracer, about: About, parent: Context, redact: Redact): Spans {
  const run = tracer.startSpan(`aludel ${about.command}`, { attributes: runAttributes(about) }, parent);
  const context = api.trace.setSpan(parent, run);
  const open = new Map<string | null, Open>();
  const openOf = (member: string | null) => {
    const found = open.get(member) ?? { database: null, part: null, revision: null };
    open.set(member, found);
    return found;
  };
  const under = ({ part, database }: Open) => {
    const span = part ?? database;
    return span === null ? context : api.trace.setSpan(context, span);
  };
  const fail = (span: Span | null, { code, message }: Failure) => {
    const told = redact(message);
    span?.setAttribute("error.type", code);
    span?.addEvent("exception", { "exception.type": code, "exception.message": told });
    span?.setStatus({ code: api.SpanStatusCode.ERROR, message: told });
  };
  const forget = (member: string | null) => void open.delete(member);
  const hearing = createHearing({ api, tracer, redact, run, openOf, forget, under, fail });
  return {
    run: context,
    hear: hearing,
    end() {
      for (const { database, part, revision } of open.values()) {
        for (const span of [revision, part, database]) span?.end();
      }
      run.end();
    },
  };
}

interface Hearing {
  readonly api: Api;
  readonly tracer: Tracer;
  readonly redact: Redact;
  readonly run: Span;
  readonly openOf: (member: string | null) => Open;
  readonly forget: (member: string | null) => void;
  readonly under: (open: Open) => Context;
  readonly fail: (span: Span | null, failure: Failure) => void;
}

function createHearing({ api, tracer, redact, run, openOf, forget, under, fail }: Hearing): Spans["hear"] {
  return (moment) => {
    const { event, member } = moment;
    const open = openOf(member);
    switch (event.kind) {
      case "part-started":
        open.part = tracer.startSpan(`aludel ${event.part}`, {}, under({ ...open, part: null }));
        return;
      case "part-finished":
        if (!event.passed) open.part?.setStatus({ code: api.SpanStatusCode.ERROR });
        open.part?.end();
        open.part = null;
        return;
      case "database-started":
        open.database = tracer.startSpan(
          `aludel database ${redact(member ?? "")}`,
          { attributes: databaseAttributes(moment) },
          under(open),
        );
        return;
      case "database-finished":
        open.database?.setAttribute("aludel.status", event.status);
        if (event.failure !== null) fail(open.database, event.failure);
        open.database?.end();
        forget(member);
        return;
      case "revision-started":
        open.revision = startRevision(api, tracer, { moment, event, redact }, under(open));
        return;
      case "revision-finished":
        open.revision?.setAttributes({ "aludel.statements": event.statements, ...costAttributes(event) });
        open.revision?.end();
        open.revision = null;
        return;
      case "revision-failed":
        open.revision?.setAttributes(costAttributes(event));
        fail(open.revision, event.failure);
        open.revision?.end();
        open.revision = null;
        return;
      case "run-finished":
        run.setAttributes({ "aludel.revisions": event.revisions, ...costAttributes(event) });
        return;
      case "run-failed":
        run.setAttributes({ "aludel.revisions": event.revisions, ...costAttributes(event) });
        if (event.part !== null) run.setAttribute("aludel.part", event.part);
        fail(run, event.failure);
        return;
      default:
        addEvent(open.revision ?? open.part ?? run, moment, redact);
    }
  };
}

/** What is no span of its own is an event of the innermost one. */
function addEvent(span: Span, { event }: Moment, redact: Redact): void {
  switch (event.kind) {
    case "lock-wait":
      span.addEvent("lock.waiting", { "aludel.lock": "run", "aludel.blockers": [redact(event.holder)] });
      return;
    case "lock-taken":
      span.addEvent("lock.acquired", { "aludel.lock": "run", "aludel.lock_wait": event.milliseconds / 1000 });
      return;
    case "lock-waits":
      span.addEvent("lock.waiting", {
        "aludel.lock": "statement",
        "aludel.lock_wait": event.milliseconds / 1000,
        "aludel.blockers": event.holders.map(redact),
      });
      return;
    case "gave-way":
      span.addEvent("lock.gave_way", {
        "aludel.tries": event.tries,
        "aludel.blockers": event.holders.map(redact),
      });
      return;
    case "statement-finished":
      span.addEvent("statement", {
        "db.query.text": redact(showStatement(event.sql)),
        "aludel.step": event.position,
        "aludel.duration": event.milliseconds / 1000,
      });
      return;
    case "backup-made":
      span.setAttribute("aludel.backup", redact(event.path ?? event.name));
      return;
    case "smoke-checked":
      span.addEvent("smoke.checked", { "aludel.check": redact(event.check), "aludel.passed": event.passed });
      return;
    default:
      return;
  }
}

interface Starting {
  readonly moment: Moment;
  readonly event: EventOf<"revision-started">;
  readonly redact: Redact;
}

function startRevision(api: Api, tracer: Tracer, { moment, event, redact }: Starting, parent: Context): Span {
  const { revision, direction, position, total } = event;
  const attributes = {
    ...databaseAttributes(moment),
    ...(moment.environment === null ? {} : { "deployment.environment.name": moment.environment }),
    "db.operation.name": direction.toUpperCase(),
    "aludel.revision.id": revision.id,
    "aludel.revision.message": redact(revision.message),
    "aludel.revision.position": position,
    "aludel.revision.total": total,
    "aludel.direction": direction,
    "aludel.run.id": moment.run,
  };
  return tracer.startSpan(`${direction} ${revision.id}`, { kind: api.SpanKind.CLIENT, attributes }, parent);
}

function runAttributes(about: About): Attributes {
  return {
    ...databaseAttributes(about),
    ...(about.environment === null ? {} : { "deployment.environment.name": about.environment }),
    "aludel.command": about.command,
    "aludel.run.id": about.run,
  };
}

/** As the conventions for databases have it (https://opentelemetry.io/docs/specs/semconv/database/). */
export function databaseAttributes({
  dialect,
  database,
  member,
}: Omit<About, "run" | "command">): Attributes {
  const system = dialect === null ? {} : { "db.system.name": dialects[dialect].systemName };
  const whose = member === null ? {} : { "aludel.database": member };
  if (database === null || !URL.canParse(database)) return { ...system, ...whose };
  const { hostname, port, pathname } = new URL(database);
  const name = decodeURIComponent(pathname.replace(/^\/(?=.)/, ""));
  return {
    ...system,
    ...whose,
    ...(name === "" || name === "/" ? {} : { "db.namespace": name }),
    ...(hostname === "" ? {} : { "server.address": hostname }),
    ...(port === "" ? {} : { "server.port": Number(port) }),
  };
}

function costAttributes({ cost }: { readonly cost: EventOf<"run-finished">["cost"] }): Attributes {
  const { lockWaitMs, gaveWay, rowsChanged } = cost;
  return {
    "aludel.lock_wait": lockWaitMs / 1000,
    "aludel.gave_way": gaveWay,
    ...(rowsChanged === null ? {} : { "aludel.rows_changed": rowsChanged }),
  };
}
