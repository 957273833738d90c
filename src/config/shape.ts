import * as v from "valibot";
import { dialects } from "../dialect/registry.js";
import { suggest } from "../error/suggest.js";
import { filterKinds } from "../filter/kinds.js";
import type { DialectName } from "../schema/name.js";
import { sourceNames } from "../source/source.js";
import { historyPolicies, revisionCounts, smokeModes } from "./choices.js";
import { lintSeverities } from "./lint-config.js";
import { readVersion } from "./server-version.js";
import { environment } from "./shape-environment.js";
import { fleetObject } from "./shape-fleet.js";
import { duration, listOf, record, text, url } from "./shape-parts.js";
import { webhooks } from "./webhook-config.js";

/**
 * The shape of a configuration. The message of every part is its remedy: what to write instead. Shorthands (text for
 * a list of one, a URL for an environment) are made whole before they are looked at.
 */
/** A dot in a short name is not taken for a separator, nor for part of the name: the long form says which. */
const table = (example: string) => {
  const remedy = `write a table's name, "${example}", or { schema: "ops", name: "${example}" }`;
  return v.pipe(
    v.unknown(),
    v.check((input) => typeof input !== "string" || !input.includes("."), remedy),
    v.transform((input) => (typeof input === "string" ? { name: input } : input)),
    v.union([v.strictObject({ schema: v.optional(text(remedy)), name: text(remedy) })], remedy),
  );
};

const oneOf = <const Names extends readonly string[]>(names: Names) =>
  v.picklist(
    names,
    `write one of ${names.map((name) => `"${name}"`).join(", ")}, or leave it out to have it found out`,
  );

const kindRemedy = ({ input }: { readonly input: unknown }) => {
  const near = typeof input === "string" ? suggest(input, filterKinds) : null;
  return near === null ? `write one of ${filterKinds.join(", ")}` : `did you mean "${near}"?`;
};

const kinds = v.pipe(
  v.unknown(),
  v.transform((input) => (typeof input === "string" ? [input] : input)),
  v.array(v.picklist(filterKinds, kindRemedy), 'write a kind of objects, "view", or a list of them'),
);

const filterObject = v.objectWithRest(
  {
    schemas: v.optional(listOf('write the name of a schema, "audit", or a list of them')),
    tables: v.optional(listOf('write the name of a table, "legacy_*" or "audit.*", or a list of them')),
    kinds: v.optional(kinds),
  },
  v.never(),
);

const filter = record('write { schemas: ["audit"], tables: ["legacy_*"], kinds: ["view"] }', filterObject);

/** The keys of `include` and `exclude`, for "did you mean". */
export const filterKeys: readonly string[] = Object.keys(filterObject.entries);

const severityRemedy = 'write "error", "warning", "info" or "off"';
const lintRules = record(
  'write severities by rule, { "drop-column": "off" }',
  v.record(v.string(), v.picklist(lintSeverities, severityRemedy)),
);

const lintOverride = v.objectWithRest(
  { files: listOf('write a glob of files, "revisions/legacy/**", or a list of them'), rules: lintRules },
  v.never(),
);

const versionRemedy = 'write a major version of the server, 16, or "3.35" for SQLite, or a list of them';
const oneVersion = v.pipe(
  v.unknown(),
  v.check((input) => serverVersion(input) !== null, versionRemedy),
  v.transform((input) => serverVersion(input) ?? 0),
);
const serverVersions = v.lazy((input) =>
  Array.isArray(input)
    ? v.array(oneVersion)
    : v.pipe(
        oneVersion,
        v.transform((version) => [version]),
      ),
);

/** A number with a fraction is none: 3.4 and 3.40 are the same number. */
function serverVersion(input: unknown): number | null {
  if (typeof input === "string") return readVersion(input);
  return typeof input === "number" && Number.isInteger(input) && input > 0 ? input : null;
}

const daysRemedy = "write a whole number of days";

const lintObligations = v.objectWithRest(
  {
    days: v.optional(v.pipe(v.number(daysRemedy), v.integer(daysRemedy), v.minValue(0, daysRemedy))),
  },
  v.never(),
);

const lintObject = v.objectWithRest(
  {
    rules: v.optional(lintRules),
    overrides: v.optional(
      v.array(
        record('write { files: "revisions/legacy/**", rules: { "drop-column": "off" } }', lintOverride),
        "write a list of { files, rules }",
      ),
    ),
    serverVersion: v.optional(serverVersions),
    failOn: v.optional(v.picklist(["error", "warning", "info"], 'write "error", "warning" or "info"')),
    downgrades: v.optional(v.boolean("write true or false")),
    baseline: v.optional(text('write the file of the known findings, "lint-baseline.json"')),
    stats: v.optional(text('write the file with the sizes of tables, "table-sizes.json"')),
    smallTableRows: v.optional(
      v.pipe(
        v.number("write a number of rows"),
        v.integer("write a whole number of rows"),
        v.minValue(0, "write a number of rows that is not negative"),
      ),
    ),
    obligations: v.optional(record("write { days: 30 }", lintObligations)),
  },
  v.never(),
);

/** The keys of `lint` and of its overrides, for "did you mean". */
export const lintKeys: readonly string[] = Object.keys(lintObject.entries);
export const lintOverrideKeys: readonly string[] = Object.keys(lintOverride.entries);

const exceptionDaysRemedy = "write a number of days from 1 to 30";
const secondsRemedy = "write a number of seconds";
const allowedDrift = v.objectWithRest(
  {
    match: text('write what the line has in it, "column users.legacy"'),
    reason: text("write why it may be"),
  },
  v.never(),
);

const allowedBreak = v.objectWithRest(
  {
    match: text('write what the query has in it, "FROM legacy_reports"'),
    reason: text("write why it may break"),
  },
  v.never(),
);

const ciObject = v.objectWithRest(
  {
    revisions: v.optional(v.picklist(revisionCounts, 'write "any", "at-most-one" or "exactly-one"')),
    exceptionDays: v.optional(
      v.pipe(
        v.number(exceptionDaysRemedy),
        v.integer(exceptionDaysRemedy),
        v.minValue(1, exceptionDaysRemedy),
        v.maxValue(30, exceptionDaysRemedy),
      ),
    ),
    allowedDrift: v.optional(
      v.array(record('write { match: "column users.legacy", reason: "…" }', allowedDrift), "write a list"),
    ),
    maxSeconds: v.optional(v.pipe(v.number(secondsRemedy), v.gtValue(0, secondsRemedy))),
    smoke: v.optional(v.picklist(smokeModes, `write one of ${smokeModes.join(", ")}`)),
    dump: v.optional(text('write the file of a dump, "backups/nightly.sql.gz"')),
    downgrade: v.optional(v.boolean("write true or false")),
    queries: v.optional(
      listOf('write a glob of the files with your queries, "src/queries/*.sql", or a list of them'),
    ),
    allowedBreaks: v.optional(
      v.array(record('write { match: "FROM legacy_reports", reason: "…" }', allowedBreak), "write a list"),
    ),
  },
  v.never(),
);

/** The keys of `ci`, for "did you mean". */
export const ciKeys: readonly string[] = Object.keys(ciObject.entries);

const environmentsRemedy =
  'write { development: { url: env("DATABASE_URL") } }: every environment by its name';

const configObject = v.objectWithRest(
  {
    schema: v.optional(listOf('write a path or a glob of your models, "./src/schema.ts", or a list of them')),
    source: v.optional(oneOf(sourceNames)),
    dialect: v.optional(oneOf(Object.keys(dialects) as DialectName[])),
    include: v.optional(filter),
    exclude: v.optional(filter),
    revisions: v.optional(listOf('write the folder of the revision files, "revisions", or a list of them')),
    environments: v.optional(
      record(environmentsRemedy, v.record(text(environmentsRemedy), environment, environmentsRemedy)),
    ),
    defaultEnvironment: v.optional(text("write the name of one of the environments")),
    history: v.optional(v.picklist(historyPolicies, 'write "linear" or "graph"')),
    fileName: v.optional(text('write a template such as "{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}"')),
    versionTable: v.optional(table("aludel_version")),
    runLogTable: v.optional(table("aludel_run_log")),
    seeds: v.optional(text('write the folder of the seeds, "seeds"')),
    seedTable: v.optional(table("aludel_seed")),
    backfillTable: v.optional(table("aludel_backfill")),
    deployTable: v.optional(table("aludel_deploy")),
    stateTable: v.optional(table("aludel_state")),
    receiptKey: v.optional(url('write env("ALUDEL_RECEIPT_KEY"): keys belong into a variable')),
    receiptMaxAge: v.optional(duration),
    scratch: v.nullish(
      url('write the URL of a server that may be given throw-away databases, or env("NAME")'),
    ),
    postWrite: v.optional(listOf('write a command, "biome check --write {file}", or a list of them')),
    sum: v.optional(v.boolean("write true or false")),
    lint: v.optional(
      record('write { rules: { "drop-column": "off" } }: what the linter is to know', lintObject),
    ),
    webhooks: v.optional(webhooks),
    fleet: v.optional(record('write { files: "tenants/*.db" }: the databases of a rollout', fleetObject)),
    ci: v.optional(record('write { revisions: "at-most-one" }: what the gate is to know', ciObject)),
  },
  v.never(),
);

const configShape = record(
  "export the configuration as an object: export default defineConfig({ … })",
  configObject,
);

export type ConfigShape = v.InferOutput<typeof configShape>;
export type FilterShape = NonNullable<ConfigShape["include"]>;
export type LintShape = NonNullable<ConfigShape["lint"]>;
export type CiShape = NonNullable<ConfigShape["ci"]>;
export type TextShape = NonNullable<ConfigShape["scratch"]>;

/** The keys of a configuration, for "did you mean". */
export const configKeys: readonly string[] = Object.keys(configObject.entries);

export type Issue = v.BaseIssue<unknown>;

/** The input in the shape of a configuration, or every issue with it. */
export function checkShape(input: unknown): { config: ConfigShape } | { issues: readonly Issue[] } {
  const result = v.safeParse(configShape, input);
  return result.success ? { config: result.output } : { issues: result.issues };
}
