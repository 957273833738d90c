import { versionOfServer } from "../config/server-version.js";
import { readsOfGoing } from "../deploy/contract/going.js";
import { type Plan, type PlannedRevision, planToken, sortedFindings } from "../deploy/plan.js";
import { wayBackOf } from "../deploy/way-back.js";
import type { Connection } from "../dialect/connection.js";
import { namesOf } from "../effect/record.js";
import { loadEngine } from "../lint/engine.js";
import type { Finding } from "../lint/finding.js";
import { rules } from "../lint/rules/all.js";
import { planMigration } from "../run/migrate.js";
import type { Context } from "./context.js";
import { explainIds } from "./explain-selection.js";
import { lintProject } from "./lint-selection.js";
import { lintSettings, plainLint } from "./lint-settings.js";

const destructive: ReadonlySet<string> = new Set(
  rules.filter(({ tag }) => tag === "destructive").map(({ id }) => id),
);

/**
 * What an upgrade of the chosen database would do there, and what it would meet. The database is only read.
 *
 * @throws AludelError as an upgrade would before its first statement.
 */
export async function readPlan(
  context: Context,
  connection: Connection,
  targets: readonly string[],
): Promise<Plan> {
  const project = await context.project();
  const { dialect } = project;
  const { name } = await context.environment();
  const { rows, steps } = await planMigration(project, connection, { command: "upgrade", targets });
  const identity = await dialect.identify(connection);
  const sizes = (await dialect.tableSizes?.(connection)) ?? [];
  const activity = (await dialect.activity?.(connection)) ?? null;
  const ids = steps.map(({ revision }) => revision.id);
  const version = versionOfServer(connection.server.version);
  const { statements, revisions } = await explainIds(context, new Set(ids), version);
  const findings = ids.length === 0 ? [] : await findingsOf(context, ids, version);
  const { analyse } = await loadEngine(dialect.name);
  const planned: PlannedRevision[] = [];
  for (const { revision } of steps) {
    planned.push({
      revision,
      statements: statements.filter(({ source }) => revisions[source] === revision.id),
      ...sortedFindings(findings, revision.id, destructive),
      wayBack: await wayBackOf(project, revision, analyse, version),
    });
  }
  const locked = new Set(
    statements.flatMap(({ onExisting, before }) => namesOf(before, onExisting.locks.keys())),
  );
  return {
    environment: name,
    target: connection.target,
    server: connection.server.product,
    dialect: connection.dialect,
    rows,
    revisions: planned,
    sizes: new Map(
      sizes
        .map((size) => [`${size.schema}.${size.table}`, size] as const)
        .filter(([table]) => locked.has(table)),
    ),
    reads: await readsOfGoing(project, connection, planned),
    activity,
    token: planToken(identity, rows, steps),
  };
}

async function findingsOf(
  context: Context,
  ids: readonly string[],
  serverVersion: number,
): Promise<readonly Finding[]> {
  const settings = await lintSettings(context, { ...plainLint, serverVersions: [serverVersion] });
  const chosen = new Set(ids);
  const isChosen = ({ id }: { readonly id: string }) => chosen.has(id);
  return (await lintProject(context, await context.project(), isChosen, settings)).findings;
}
