import { constraintBase } from "../../schema/build.js";
import type {
  Check,
  ConstraintBase,
  ForeignKey,
  ForeignKeyAction,
  PrimaryKey,
  Unique,
} from "../../schema/schema.js";
import { type Context, nameOfColumn, tableProperty } from "./context.js";
import type { Place } from "./finding.js";
import { madeName, objectName } from "./object-name.js";
import type {
  CheckModel,
  ColumnModel,
  ForeignKeyModel,
  PrimaryKeyModel,
  TableConfiguration,
  UniqueModel,
} from "./shape.js";

/**
 * The name of a constraint that the user named, or one that nobody chose. For PostgreSQL drizzle-kit before 1.0 made
 * names of its own, and those are used, so that a database it made has the same; since 1.0 it leaves them to the
 * engine, as it always did for SQLite.
 */
function named(explicit: string | undefined, made: readonly string[], context: Context): ConstraintBase {
  if (explicit !== undefined) return constraintBase(objectName(explicit, context));
  if (context.core === "sqlite-core" || context.generation === 1) return constraintBase(null);
  return { ...constraintBase(madeName(made, context)), implicitName: true };
}

/** The table's primary key from its columns' `.primaryKey()` or from `primaryKey({ columns })`. */
export function readPrimaryKey(table: TableConfiguration, place: Place, context: Context): PrimaryKey | null {
  const inline = table.columns.filter((column) => column.primary);
  const [model, second] = table.primaryKeys;
  if (second || (model && inline.length > 0) || inline.length > 1) {
    context.findings.add(
      place,
      "the table has more than one primary key: name all its columns in one `primaryKey({ columns: […] })`",
    );
    return null;
  }
  if (model) return compositeKey(model, table, context);
  const [column] = inline;
  if (!column) return null;
  return primaryKey([column], constraintBase(null), context);
}

function compositeKey(model: PrimaryKeyModel, table: TableConfiguration, context: Context): PrimaryKey {
  const names = model.columns.map((column) => nameOfColumn(column, context));
  const base = named(model.name, [table.name, ...names, "pk"], context);
  return primaryKey(model.columns, base, context);
}

function primaryKey(columns: readonly ColumnModel[], base: ConstraintBase, context: Context): PrimaryKey {
  return {
    kind: "primary-key",
    ...base,
    columns: columns.map((column) => nameOfColumn(column, context)),
    include: [],
    deferral: "immediate",
    autoincrement: columns.some((column) => column.autoIncrement === true),
  };
}

/** The table's unique constraints: `.unique()` on columns, then `unique().on(…)`. */
export function readUniques(table: TableConfiguration, context: Context): readonly Unique[] {
  const inline = table.columns
    .filter((column) => column.isUnique)
    .map((column) =>
      unique(
        [column],
        uniqueName(column.uniqueName, [column], table, context),
        column.uniqueType === "not distinct",
        context,
      ),
    );
  const grouped = table.uniqueConstraints.map((model) =>
    unique(
      model.columns,
      uniqueName(explicitName(model), model.columns, table, context),
      model.nullsNotDistinct ?? false,
      context,
    ),
  );
  return [...inline, ...grouped];
}

/**
 * Without the uniques that PostgreSQL passes over: of constraints in one CREATE TABLE that need an index on the same
 * columns in the same order it makes the first only (`transformIndexConstraints` of the server), so that
 * `.primaryKey().unique()` is a primary key.
 */
export function withoutRedundant(
  primaryKey: PrimaryKey | null,
  uniques: readonly Unique[],
): readonly Unique[] {
  const taken = new Set<string>();
  if (primaryKey !== null) taken.add(JSON.stringify([primaryKey.columns, false]));
  return uniques.filter(({ columns, nullsNotDistinct }) => {
    const index = JSON.stringify([columns, nullsNotDistinct]);
    return taken.has(index) ? false : taken.add(index);
  });
}

function explicitName(model: UniqueModel): string | undefined {
  return model.isNameExplicit === false ? undefined : model.name;
}

/** Before 1.0 Drizzle fills in a name where none was given, made of the keys and not of the cased names. */
function uniqueName(
  given: string | undefined,
  columns: readonly ColumnModel[],
  table: TableConfiguration,
  context: Context,
): ConstraintBase {
  const made = [table.name, ...columns.map((column) => column.name), "unique"];
  return named(given === made.join("_") ? undefined : given, made, context);
}

function unique(
  columns: readonly ColumnModel[],
  base: ConstraintBase,
  nullsNotDistinct: boolean,
  context: Context,
): Unique {
  return {
    kind: "unique",
    ...base,
    columns: columns.map((column) => nameOfColumn(column, context)),
    include: [],
    nullsNotDistinct,
    deferral: "immediate",
  };
}

/** The table's checks. The text is the user's, with Drizzle's columns without their table. */
export function readChecks(table: TableConfiguration, place: Place, context: Context): readonly Check[] {
  return (table.checks ?? []).flatMap((model: CheckModel) => {
    const here: Place = { file: place.file, object: `${place.object}, check ${model.name}` };
    const expression = context.findings.attempt(here, () => context.renderer.plain(model.value));
    if (expression === null) return [];
    const check: Check = {
      kind: "check",
      ...constraintBase(objectName(model.name, context)),
      expression,
      noInherit: false,
      validated: true,
    };
    return [check];
  });
}

/** The table's foreign keys. One whose target is not there yet when asked for is a finding. */
export function readForeignKeys(
  table: TableConfiguration,
  place: Place,
  context: Context,
): readonly ForeignKey[] {
  return table.foreignKeys.flatMap((model, position) => {
    const reference = resolve(model);
    if (reference === null) {
      context.findings.add(
        { file: place.file, object: `${place.object}, foreign key ${position + 1}` },
        "what it references is not defined when it is asked for: the files import each other in a circle, or the name is misspelled",
      );
      return [];
    }
    const action = (name: string | undefined) =>
      context.findings.attempt(place, () => foreignKeyAction(name)) ?? "no action";
    return [foreignKey(reference, table, action(model.onDelete), action(model.onUpdate), context)];
  });
}

type Reference = ReturnType<ForeignKeyModel["reference"]>;

function resolve(model: ForeignKeyModel): Reference | null {
  try {
    const reference = model.reference();
    const columns = [...reference.columns, ...reference.foreignColumns];
    return columns.every((column) => column !== undefined) &&
      tableProperty(reference.foreignTable, "Name") !== null
      ? reference
      : null;
  } catch {
    return null;
  }
}

function foreignKey(
  reference: Reference,
  table: TableConfiguration,
  onDelete: ForeignKeyAction,
  onUpdate: ForeignKeyAction,
  context: Context,
): ForeignKey {
  const columns = reference.columns.map((column) => nameOfColumn(column, context));
  const foreign = reference.foreignColumns.map((column) => nameOfColumn(column, context));
  const target = tableProperty(reference.foreignTable, "Name") ?? "";
  const made = [table.name, ...columns, target, ...foreign, "fk"];
  return {
    kind: "foreign-key",
    ...named(reference.name, made, context),
    columns,
    references: {
      table: { namespace: tableProperty(reference.foreignTable, "Schema"), name: target },
      columns: foreign,
    },
    onDelete,
    onUpdate,
    match: "simple",
    deferral: "immediate",
    validated: true,
  };
}

const actions: readonly ForeignKeyAction[] = ["no action", "restrict", "cascade", "set null", "set default"];

function foreignKeyAction(name: string | undefined): ForeignKeyAction {
  const action = actions.find((one) => one === (name ?? "no action").toLowerCase());
  if (action === undefined) throw new Error(`no foreign key has the action "${name}"`);
  return action;
}
