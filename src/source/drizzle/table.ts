import { table as buildTable } from "../../schema/build.js";
import { nameOf, showName } from "../../schema/name.js";
import type { Constraint, Table } from "../../schema/schema.js";
import { readColumn } from "./column.js";
import { readChecks, readForeignKeys, readPrimaryKey, readUniques, withoutRedundant } from "./constraint.js";
import { type Context, tableProperty } from "./context.js";
import type { Place } from "./finding.js";
import { readIndexes, uniqueIndexOf } from "./index-model.js";
import { kindsOf } from "./kind.js";
import { readPolicies } from "./policy.js";
import type { PolicyModel, TableConfiguration, TableModel } from "./shape.js";

/** A table as Drizzle tells it, before it is read. */
export interface ConfiguredTable {
  readonly configuration: TableConfiguration;
  readonly place: Place;
}

/** Asks Drizzle what a table is made of; `null` and a finding when the model throws. */
export function configureTable(model: TableModel, file: string, context: Context): ConfiguredTable | null {
  const namespace = tableProperty(model, "Schema");
  const name = tableProperty(model, "Name") ?? "";
  const place: Place = { file, object: showName({ namespace, name }) };
  const configuration = context.findings.attempt(place, () => {
    reportUnfinished(model, place, context);
    return context.library.getTableConfig(model);
  });
  return configuration === null ? null : { configuration, place };
}

/** Reads a table; what of it cannot be read is in the findings. */
export function readTable(
  { configuration, place }: ConfiguredTable,
  linkedPolicies: readonly PolicyModel[],
  context: Context,
): Table {
  const { name } = configuration;
  const columns = configuration.columns.flatMap((column) => {
    const read = readColumn(column, name, place, context);
    return read === null ? [] : [read];
  });
  const uniques = readUniques(configuration, context);
  const uniquesAreIndexes = context.core === "sqlite-core";
  const primaryKey = readPrimaryKey(configuration, place, context);
  const constraints: readonly Constraint[] = [
    ...(primaryKey === null ? [] : [primaryKey]),
    ...(uniquesAreIndexes ? [] : withoutRedundant(primaryKey, uniques)),
    ...readForeignKeys(configuration, place, context),
    ...readChecks(configuration, place, context),
  ];
  const own = configuration.policies ?? [];
  const policies = readPolicies(
    [...own, ...linkedPolicies.filter((one) => !own.includes(one))],
    place,
    context,
  );
  return buildTable(name, {
    ...nameOf({ namespace: configuration.schema ?? null, name }),
    columns,
    constraints,
    indexes: [
      ...(uniquesAreIndexes ? uniques.map((unique) => uniqueIndexOf(unique, name)) : []),
      ...readIndexes(configuration, place, context),
    ],
    policies,
    // Drizzle turns row security on with the first policy.
    rowSecurity: configuration.enableRLS === true || policies.length > 0 ? "enabled" : "off",
  });
}

const builders: readonly RegExp[] = [
  /IndexBuilder$/,
  /CheckBuilder$/,
  /UniqueConstraintBuilder$/,
  /PrimaryKeyBuilder$/,
  /ForeignKeyBuilder$/,
  /^PgPolicy$/,
];

/**
 * Finds what a table's last argument returns and Drizzle passes over in silence: an `index("…")` without `.on(…)`, a
 * builder inside an object. Conditional entries (`false`, `null`, `undefined`) are the user's wish.
 */
function reportUnfinished(model: TableModel, place: Place, context: Context): void {
  const build = model[Symbol.for("drizzle:ExtraConfigBuilder")];
  if (typeof build !== "function") return;
  const extraColumns = model[Symbol.for("drizzle:ExtraConfigColumns")];
  const columns = context.core === "pg-core" ? extraColumns : model[Symbol.for("drizzle:Columns")];
  const extra: unknown = (build as (columns: unknown) => unknown)(columns);
  const values: readonly unknown[] = Array.isArray(extra)
    ? extra.flat(1)
    : Object.values((extra ?? {}) as Record<string, unknown>);
  for (const value of values) {
    if (value === undefined || value === null || value === false) continue;
    const kinds = kindsOf(value);
    if (kinds.some((kind) => builders.some((builder) => builder.test(kind)))) continue;
    const name = (value as { name?: unknown }).name;
    const label = typeof name === "string" ? ` "${name}"` : "";
    const isOpen = kinds.some((kind) => /On$|OnConstraintBuilder$/.test(kind));
    context.findings.add(
      place,
      isOpen
        ? `an index or constraint${label} is not finished: it lacks .on(…)`
        : `an entry${label} of its constraints and indexes is none of Drizzle's (${kinds[0] ?? typeof value}) and has no effect: make it with check(…), index(…) or the like, or take it out`,
    );
  }
}
