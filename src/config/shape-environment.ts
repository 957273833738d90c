import * as v from "valibot";
import { backup, backupKeys } from "./backup-config.js";
import { contractPolicies } from "./contract-policy.js";
import { duration, isHttpUrl, isRecord, listOf, record, text, url } from "./shape-parts.js";
import { smoke, smokeKeys } from "./smoke-config.js";
import { watchObject } from "./watch-config.js";
import { webhookKeys, webhooks } from "./webhook-config.js";

const retriesRemedy = "write a number of tries, 0 or more";

const shareRemedy = "write a part of the time above 0 and up to 1: 0.25";

const timeoutsObject = v.objectWithRest(
  {
    lock: v.optional(duration),
    statement: v.optional(duration),
    retries: v.optional(
      v.pipe(v.number(retriesRemedy), v.integer(retriesRemedy), v.minValue(0, retriesRemedy)),
    ),
    backfillShare: v.optional(
      v.pipe(v.number(shareRemedy), v.gtValue(0, shareRemedy), v.maxValue(1, shareRemedy)),
    ),
    cancelBlockersAfter: v.optional(duration),
  },
  v.never(),
);

const identityObject = v.objectWithRest(
  {
    host: v.optional(text('write the host of the server, "db.example.com"')),
    database: v.optional(text('write the name of the database, "app"')),
    systemIdentifier: v.optional(
      text("write what `SELECT system_identifier FROM pg_control_system()` gives, as text"),
    ),
    marker: v.optional(text('write a word that no other database is marked with, "shop-production"')),
  },
  v.never(),
);

const preflightObject = v.objectWithRest(
  { git: v.optional(v.boolean("write true or false")), longTransaction: v.optional(duration) },
  v.never(),
);

const hookLine = v.optional(text('write a command, "npm run pause-workers"'));

const hooksObject = v.objectWithRest({ before: hookLine, after: hookLine, failed: hookLine }, v.never());
const contractRemedy = 'write "run", "ask" or "refuse"';

const versionsRemedy =
  'write a URL that reports versions, "https://app.example.com/versions", or a list of them';

const versions = v.pipe(
  listOf(versionsRemedy),
  v.check((urls) => urls.every(isHttpUrl), versionsRemedy),
);

const environmentObject = v.objectWithRest(
  {
    url: url('write a database URL, or env("NAME") to take it from an environment variable'),
    protected: v.optional(v.boolean("write true or false")),
    approve: v.optional(v.boolean("write true or false")),
    timeouts: v.optional(record('write { lock: "2s", retries: 30 }', timeoutsObject)),
    identity: v.optional(record('write { host: "db.example.com", database: "app" }', identityObject)),
    requires: v.optional(listOf('write the name of another environment, "staging", or a list of them')),
    preflight: v.optional(record('write { git: false, longTransaction: "60s" }', preflightObject)),
    backup: v.optional(backup),
    smoke: v.optional(smoke),
    hooks: v.optional(record('write { before: "npm run pause-workers" }', hooksObject)),
    webhooks: v.optional(webhooks),
    watch: v.optional(record('write { every: "5s", errors: 0.05, latency: 2 }', watchObject)),
    contract: v.optional(v.picklist(contractPolicies, contractRemedy)),
    versions: v.optional(versions),
  },
  v.never(),
);

/** One of `environments`: a URL, or an object with one. */
export const environment = v.pipe(
  v.unknown(),
  v.transform((input) =>
    isRecord(input) && !("variable" in input) ? { url: undefined, ...input } : { url: input },
  ),
  environmentObject,
);

export type EnvironmentShape = v.InferOutput<typeof environment>;

/** The keys of an environment and of its parts, for "did you mean". */
export const environmentKeys: Readonly<Record<string, readonly string[]>> = {
  environments: Object.keys(environmentObject.entries),
  "environments.timeouts": Object.keys(timeoutsObject.entries),
  "environments.identity": Object.keys(identityObject.entries),
  "environments.preflight": Object.keys(preflightObject.entries),
  "environments.backup": backupKeys,
  "environments.smoke": smokeKeys,
  "environments.hooks": Object.keys(hooksObject.entries),
  "environments.webhooks": webhookKeys,
  "environments.watch": Object.keys(watchObject.entries),
};
