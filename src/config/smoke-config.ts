import * as v from "valibot";
import { duration, isHttpUrl, isRecord, text } from "./shape-parts.js";

/** What a body has to have in it. */
export type BodyTest =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "pattern"; readonly source: string; readonly flags: string };

interface Check {
  /** For people; `null` is made of what it asks. */
  readonly name: string | null;
  /** A check that takes longer has failed. */
  readonly withinMs: number;
}

/** What is asked after a deploy, one question each. */
export type SmokeCheck =
  | (Check & {
      readonly kind: "http";
      /** Perhaps with user and password; never printed like that. */
      readonly url: string;
      readonly status: number;
      readonly body: BodyTest | null;
    })
  | (Check & {
      readonly kind: "query";
      readonly sql: string;
      /** Absent: at least one row. */
      readonly expect?: unknown;
    })
  | (Check & { readonly kind: "write"; readonly sql: string })
  | (Check & { readonly kind: "command"; readonly command: string });

const defaultWithinMs = { http: 5_000, query: 10_000, write: 10_000, command: 60_000 } as const;

const urlRemedy = 'write a URL, "https://app.example.com/health"';
const statusRemedy = "write a status, 200";
const bodyRemedy = 'write a text that the body has in it, or a pattern: /ok/ or "/ok/i"';

const common = { name: v.optional(text("write a name for people")), within: v.optional(duration) };

const bodyTest = v.pipe(
  v.union([v.instance(RegExp), text(bodyRemedy)], bodyRemedy),
  v.check((given) => typeof given !== "string" || readPattern(given) !== undefined, bodyRemedy),
);

const kinds = {
  http: v.objectWithRest(
    {
      http: v.pipe(text(urlRemedy), v.check(isHttpUrl, urlRemedy)),
      status: v.optional(
        v.pipe(
          v.number(statusRemedy),
          v.integer(statusRemedy),
          v.minValue(100, statusRemedy),
          v.maxValue(599, statusRemedy),
        ),
      ),
      body: v.optional(bodyTest),
      ...common,
    },
    v.never(),
  ),
  query: v.objectWithRest(
    { query: text('write a query, "SELECT …"'), expect: v.optional(v.unknown()), ...common },
    v.never(),
  ),
  write: v.objectWithRest({ write: text('write a statement, "INSERT …"'), ...common }, v.never()),
  command: v.objectWithRest({ command: text('write a command, "npm run smoke"'), ...common }, v.never()),
} as const;

type Kind = keyof typeof kinds;

const kindRemedy = "write one of { http }, { query }, { write }, { command } for each check";

/** What is checked by hand says better what is wrong than a union of all of them would. */
const check = v.lazy((input) => {
  const given = isRecord(input) ? (Object.keys(kinds) as Kind[]).filter((kind) => kind in input) : [];
  const [kind] = given;
  return given.length === 1 && kind !== undefined ? kinds[kind] : v.custom(() => false, kindRemedy);
}) as v.GenericSchema<unknown, v.InferOutput<(typeof kinds)[Kind]>>;

/** `smoke` of an environment. */
export const smoke = v.array(check, kindRemedy);

export const smokeKeys: readonly string[] = [
  ...new Set(Object.values(kinds).flatMap((kind) => Object.keys(kind.entries))),
];

/** The checks as they were written, with what was left out. */
export function smokeOf(shape: v.InferOutput<typeof smoke>): readonly SmokeCheck[] {
  return shape.map((one): SmokeCheck => {
    const { name = null, within } = one;
    const common = (kind: Kind) => ({ name, withinMs: within ?? defaultWithinMs[kind] });
    if ("http" in one) {
      const { http: url, status = 200, body } = one;
      return { kind: "http", url, status, body: bodyOf(body), ...common("http") };
    }
    if ("query" in one) {
      const expect = one.expect === undefined ? {} : { expect: one.expect };
      return { kind: "query", sql: one.query, ...expect, ...common("query") };
    }
    if ("write" in one) return { kind: "write", sql: one.write, ...common("write") };
    return { kind: "command", command: one.command, ...common("command") };
  });
}

function bodyOf(given: RegExp | string | undefined): BodyTest | null {
  if (given === undefined) return null;
  const pattern = typeof given === "string" ? readPattern(given) : given;
  if (pattern === null || pattern === undefined) return { kind: "text", text: String(given) };
  // With these two a pattern remembers where it was, and would not be the same question the next time.
  return { kind: "pattern", source: pattern.source, flags: pattern.flags.replace(/[gy]/g, "") };
}

/** `/ok/i`; `null` for a text that is none, `undefined` for one that cannot be read. */
function readPattern(given: string): RegExp | null | undefined {
  const [, source, flags] = /^\/(.+)\/([a-z]*)$/s.exec(given) ?? [];
  if (source === undefined) return null;
  try {
    return new RegExp(source, flags);
  } catch {
    return undefined;
  }
}
