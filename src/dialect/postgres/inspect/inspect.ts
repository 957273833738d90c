import { definedKey } from "../../../schema/address.js";
import { draftSchema } from "../../../schema/build.js";
import { nameKey, sameName } from "../../../schema/name.js";
import type { ColumnType, Constraint, Schema, Table } from "../../../schema/schema.js";
import type { Connection } from "../../connection.js";
import type { Scope } from "../../dialect.js";
import { type ColumnRow, columnOf, namesNotNull, readColumns } from "./columns.js";
import { readComposites } from "./composites.js";
import { constraintOf, readConstraints } from "./constraints.js";
import { readDefined } from "./defined.js";
import { readDependencies } from "./dependencies.js";
import { readDomains } from "./domains.js";
import { readGrants } from "./grants.js";
import { indexOf, readIndexes } from "./indexes.js";
import { homeOf, namespacesOf, readEnums, readExtensions, readPolicies, readViews } from "./objects.js";
import { withoutGivenNames } from "./partition-not-null.js";
import { readFamilies, readIndexParents, withOrigin, withParent } from "./partitions.js";
import { byName, nameIn, openReading, type Reading } from "./reading.js";
import { columnKey, readSequences } from "./sequences.js";
import { optionsOf, readTables, type TableRow } from "./tables.js";
import { openTypes, type TypeRow } from "./type-reader.js";
import { readViewColumns } from "./view-columns.js";

/**
 * Reads a database, PostgreSQL 14 or later, with one catalogue query for each kind of object, however many there are;
 * what belongs together is joined here. Objects of the default namespace (`current_schema()`) have the namespace
 * `null`. What the records cannot hold is left out, and `uninspected` names it.
 *
 * Expressions come as `pg_get_expr` and views as `pg_get_viewdef` print them without "pretty": fully parenthesised
 * but for parentheses around the whole, which is the form that pg_dump relies on to be read again by any version.
 *
 * @throws AludelError what the connection throws.
 */
export async function inspectPostgres(connection: Connection, scope: Scope): Promise<Schema> {
  const reading = await openReading(connection, scope);
  const schema = draftSchema("postgres");
  for (const namespace of namespacesOf(reading)) schema.namespaces.set(namespace.name, namespace);
  const home = homeOf(reading);
  if (home !== null) schema.home = home;
  for (const extension of await readExtensions(reading)) schema.extensions.set(extension.name, extension);
  for (const type of await readEnums(reading)) schema.enums.set(nameKey(type), type);
  const typeOf = await openTypes(reading);
  for (const domain of await readDomains(reading, typeOf)) schema.domains.set(nameKey(domain), domain);
  for (const type of await readComposites(reading, typeOf)) schema.composites.set(nameKey(type), type);
  const tables = (await readTables(reading)).filter((row) => !isIgnored(reading, scope, row));
  const assemble = await openTables(reading, typeOf);
  const read = new Map(
    tables
      .map(assemble.table)
      .sort(byName)
      .map((table) => [nameKey(table), table]),
  );
  for (const [key, table] of withoutGivenNames(read)) schema.tables.set(key, table);
  for (const sequence of assemble.ownSequences) {
    if (scope.ignoreTables.some((table) => sequence.ownedBy && sameName(table, sequence.ownedBy.table)))
      continue;
    schema.sequences.set(nameKey(sequence), sequence);
  }
  const viewColumns = await readViewColumns(reading);
  for (const { oid, view } of await readViews(reading)) {
    const columnProperties = viewColumns.get(oid) ?? {};
    const indexes = assemble.indexes(oid);
    schema.views.set(nameKey(view), {
      ...view,
      indexes,
      ...(Object.keys(columnProperties).length > 0 && { columnProperties }),
    });
  }
  const defined = await readDefined(reading, scope);
  for (const { object } of defined) schema.defined.set(definedKey(object), object);
  for (const grant of scope.grants ? await readGrants(reading, scope.ignoreTables) : [])
    schema.defined.set(definedKey(grant), grant);
  schema.dependencies = await readDependencies(reading, schema, defined);
  return schema;
}

function isIgnored(reading: Reading, scope: Scope, row: TableRow): boolean {
  const name = nameIn(reading, row.namespace, row.name);
  const named = { namespace: name.namespace ?? reading.defaultNamespace, name: name.name };
  return scope.ignoreTables.some((ignored) => sameName(ignored, name) || sameName(ignored, named));
}

/** A primary key that did not make its columns NOT NULL, says whether it was added to the table. */
function asAdded(reading: Reading, constraint: Constraint, columns: readonly ColumnRow[]): Constraint {
  if (constraint.kind !== "primary-key" || !namesNotNull(reading)) return constraint;
  const isParents = ({ name, inherited, notNullName }: ColumnRow) =>
    inherited && notNullName === null && constraint.columns.includes(name);
  return columns.some(isParents) ? { ...constraint, added: true } : constraint;
}

/** Reads the parts of all tables, and gives functions that put those of one together. */
async function openTables(reading: Reading, typeOf: (row: TypeRow) => ColumnType) {
  const columns = await readColumns(reading);
  const sequences = await readSequences(reading);
  const indexes = await readIndexes(reading);
  const constraints = await readConstraints(reading);
  const policies = await readPolicies(reading);
  const families = await readFamilies(reading);
  const parents = await readIndexParents(reading);
  const indexesOf = (oid: string) =>
    (indexes.byTable.get(oid) ?? []).map((index) =>
      withParent(indexOf(indexes, index, columns.get(oid) ?? []), parents.get(index.oid), index.incomplete),
    );
  return {
    ownSequences: sequences.own,
    indexes: indexesOf,
    table: (row: TableRow): Table => {
      const own = columns.get(row.oid) ?? [];
      const indexColumns = indexes.columnNames.get(row.oid);
      return {
        ...nameIn(reading, row.namespace, row.name),
        columns: own.map((column) =>
          columnOf(
            reading,
            column,
            typeOf,
            sequences.ofColumns.get(columnKey(row.oid, column.number)) ?? null,
          ),
        ),
        constraints: (constraints.get(row.oid) ?? []).map((constraint) =>
          withOrigin(
            asAdded(
              reading,
              constraintOf(indexes, constraint, own, indexes.rows.get(constraint.index) ?? null),
              own,
            ),
            constraint.inherited,
            constraint.kind === "f" ? undefined : parents.get(constraint.index),
          ),
        ),
        indexes: indexesOf(row.oid),
        policies: policies.get(row.oid) ?? [],
        rowSecurity: row.rowSecurity ? (row.forced ? "forced" : "enabled") : "off",
        options: optionsOf(row),
        comment: row.comment,
        ...families.get(row.oid),
        ...(indexColumns !== undefined && { indexColumns }),
      };
    },
  };
}
