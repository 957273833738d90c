import fc from "fast-check";
import type { Dialect } from "../../src/dialect/dialect.js";
import type { ColumnChanges, CommentTarget, Op, OpKind, TableOp } from "../../src/op/op.js";
import { normalizeConstraint } from "../../src/revision/directive/constraint.js";
import { column, columnType, defaultTableOptions, index, indexKey, table } from "../../src/schema/build.js";
import type { ObjectName } from "../../src/schema/name.js";
import type { Column, Constraint, IndexKey, SequenceOptions } from "../../src/schema/schema.js";
import {
  alterViewColumn,
  changeExtras,
  columnExtras,
  commentTargets,
  constraintExtras,
  definedOps,
  indexExtras,
  indexKeyExtras,
  kinship,
  ownSequence,
  ownTypeOps,
  partitionOps,
  tableOptionExtras,
  viewExtras,
} from "./sample-objects.js";
import {
  expression,
  flags,
  merged,
  names,
  nameText,
  objectName,
  optionalText,
  parameters,
  some,
} from "./sample-texts.js";

/** Views lose the white space and semicolons around them wherever they come from. */
const query = expression
  .map((text) => text.replace(/[\s;]+$/, "").replace(/^\s+/, ""))
  .filter((text) => text !== "");

const wholeNumber = fc.option(fc.constantFrom("0", "7", "-5", "9223372036854775000"), { nil: null });
const sequenceOptions: fc.Arbitrary<SequenceOptions> = fc.record({
  start: wholeNumber,
  increment: fc.constantFrom(null, "2", "-3"),
  minimum: wholeNumber,
  maximum: wholeNumber,
  cache: fc.constantFrom(null, "20"),
  cycle: fc.boolean(),
});
const typeTexts = {
  postgres: [
    "int4",
    "bigint",
    "smallint",
    "varchar(255)",
    "varchar",
    "char(3)",
    "text",
    "numeric(10,2)",
    "numeric",
    "boolean",
    "real",
    "double precision",
    "timestamptz(3)",
    "timestamp",
    "time",
    "timetz",
    "date",
    "interval",
    "interval year to month",
    "uuid",
    "jsonb",
    "json",
    "bytea",
    "inet",
    "bit(3)",
    "varbit(8)",
    "tsvector",
    "point",
    "int4range",
    "int4multirange",
    "geometry(Point,4326)",
    "citext",
    "text[]",
    "int[][]",
    'billing."Mood"',
    '"Mood x"',
    "mood[]",
    '"char"',
    "serial",
    "oid",
    "vector(3)",
  ],
  sqlite: [
    "INTEGER",
    "text",
    "VARCHAR(20)",
    "real",
    "blob",
    "NUMERIC(10,2)",
    "unsigned big int",
    "boolean",
    "datetime",
    "",
  ],
} as const;

/** Ops of every kind with every option, in the form that the dialect's normalisation gives them. */
export function arbitraryOps(dialect: Dialect): { readonly [K in OpKind]: fc.Arbitrary<Op<K>> } {
  const type = fc
    .constantFrom(...typeTexts[dialect.name])
    .filter((text) => text !== "")
    .map((text) => dialect.parseType(text));
  const anyName = objectName;
  const collation = fc.option(
    fc.record({ namespace: fc.constantFrom(null, "billing"), name: fc.constant("de-x-icu") }),
    {
      nil: null,
    },
  );
  const identity = fc.option(
    merged(
      fc.record({
        generation: fc.constantFrom("always" as const, "by-default" as const),
        sequence: sequenceOptions,
      }),
      some({ own: ownSequence(type) }),
    ),
    { nil: null },
  );
  const generated = fc.option(
    fc.record({ expression, storage: fc.constantFrom("stored" as const, "virtual" as const) }),
    { nil: null },
  );
  const notNull = fc.option(
    merged(
      fc.record({
        name: fc.option(nameText, { nil: null }),
        onConflict: fc.constantFrom(null, "replace" as const),
      }),
      flags("noInherit", "notValid"),
    ),
    { nil: undefined },
  );
  const rawColumn: fc.Arbitrary<Column> = fc
    .record({
      name: nameText,
      type,
      nullable: fc.boolean(),
      default: fc.option(expression, { nil: null }),
      identity,
      generated,
      collation,
      comment: optionalText,
      notNull,
      extras: columnExtras(type),
    })
    .map(({ name, type: of, notNull: constraint, extras: { own, ...extras }, ...rest }) =>
      column(name, of, {
        ...rest,
        ...extras,
        // The sequence behind an identity belongs to the identity.
        ...(own === undefined || rest.identity !== null ? {} : { own }),
        ...(isSaid(constraint) && !rest.nullable ? { notNull: constraint } : {}),
      }),
    );
  const oneColumn = rawColumn.map(dialect.normalize.column);
  const key: fc.Arbitrary<IndexKey> = fc
    .record({
      on: fc.oneof(
        nameText.map((name) => ({ column: name })),
        expression.map((text) => ({ expression: text })),
      ),
      order: fc.constantFrom("asc" as const, "desc" as const),
      nulls: fc.constantFrom("first" as const, "last" as const),
      collation,
      operatorClass: fc.constantFrom(null, "text_pattern_ops"),
      extras: indexKeyExtras,
    })
    .map(({ on, extras, ...rest }) => indexKey(on, { ...rest, ...extras }));
  const deferral = fc.constantFrom("immediate" as const, "deferrable" as const, "deferred" as const);
  const constraintName = dialect.name === "sqlite" ? fc.option(nameText, { nil: null }) : nameText;
  const base = { name: constraintName, implicitName: fc.constant(false), comment: optionalText };
  const conflict = fc.record(
    { onConflict: fc.constantFrom("replace" as const, "fail" as const) },
    { requiredKeys: [] },
  );
  const orderings = (columns: readonly string[]) =>
    fc.option(
      fc.array(
        fc.record({
          order: fc.constantFrom("asc" as const, "desc" as const),
          collation: fc.constantFrom(null, "NOCASE"),
        }),
        {
          minLength: columns.length,
          maxLength: columns.length,
        },
      ),
      { nil: undefined },
    );
  const keyed = <C extends object>(shape: fc.Arbitrary<C & { readonly columns: readonly string[] }>) =>
    shape.chain((one) =>
      fc.tuple(conflict, orderings(one.columns), constraintExtras.key).map(([more, list, extras]) => ({
        ...one,
        ...more,
        ...extras,
        ...(list === undefined ? {} : { orderings: list }),
      })),
    );
  const primaryKey = keyed(
    fc.record({
      kind: fc.constant("primary-key" as const),
      ...base,
      columns: names,
      include: fc.constantFrom<readonly string[]>([], ["x"]),
      deferral,
      autoincrement: fc.boolean(),
    }),
  );
  const unique = keyed(
    fc.record({
      kind: fc.constant("unique" as const),
      ...base,
      columns: names,
      include: fc.constantFrom<readonly string[]>([], ["x", "y"]),
      nullsNotDistinct: fc.boolean(),
      deferral,
    }),
  );
  const foreignKey = fc
    .record({
      kind: fc.constant("foreign-key" as const),
      ...base,
      columns: names,
      references: fc.record({ table: anyName }),
      onDelete: fc.constantFrom("no action" as const, "cascade" as const, "set null" as const),
      onUpdate: fc.constantFrom("no action" as const, "restrict" as const, "set default" as const),
      match: fc.constantFrom("simple" as const, "full" as const),
      deferral,
      validated: fc.boolean(),
    })
    .chain((one) =>
      fc.tuple(fc.boolean(), fc.boolean(), constraintExtras.foreignKey).map(([bare, partly, extras]) => ({
        ...one,
        ...extras,
        ...(partly ? { setColumns: one.columns.slice(0, 1) } : {}),
        references: { ...one.references, columns: bare ? [] : one.columns.map((_, at) => `c${at}`) },
      })),
    );
  const check = merged(
    fc.record({
      kind: fc.constant("check" as const),
      ...base,
      expression,
      noInherit: fc.boolean(),
      validated: fc.boolean(),
    }),
    constraintExtras.check,
  );
  const bareExclude = fc.record({
    kind: fc.constant("exclude" as const),
    ...base,
    name: nameText,
    method: fc.constantFrom("gist", "btree"),
    elements: fc.array(fc.record({ key, operator: fc.constantFrom("=", "&&") }), {
      minLength: 1,
      maxLength: 2,
    }),
    where: fc.option(expression, { nil: null }),
    deferral,
  });
  const exclude = merged(bareExclude, constraintExtras.exclude);
  const rawConstraint: fc.Arbitrary<Constraint> = fc.oneof(primaryKey, unique, foreignKey, check, exclude);
  const kinds = ["primary-key", "unique", "foreign-key", "check", "exclude"];
  const constraints = fc
    .uniqueArray(rawConstraint, { maxLength: 6, selector: (one) => (one.name === null ? {} : one.name) })
    .map((list) => {
      const keys = list.filter((one) => one.kind === "primary-key").slice(1);
      return list.filter((one) => !keys.some((extra) => extra === one));
    })
    .map((list) =>
      // The order that reading back gives: by kind, those with a name first, names that are numbers before others.
      kinds.flatMap((kind) => {
        const of = list.filter((one) => one.kind === kind);
        const named = Object.fromEntries(
          of.filter((one) => one.name !== null).map((one) => [one.name ?? "", one]),
        );
        return [...Object.values(named), ...of.filter((one) => one.name === null)];
      }),
    );
  const options = merged(
    fc.record({
      unlogged: fc.boolean(),
      tablespace: fc.constantFrom(null, "fast disk"),
      parameters,
      strict: fc.boolean(),
      withoutRowid: fc.boolean(),
    }),
    tableOptionExtras,
  );
  const oneTable = fc
    .record({
      name: anyName,
      columns: fc.uniqueArray(rawColumn, { maxLength: 5, selector: (one) => one.name }),
      constraints,
      options: fc.oneof(fc.constant(defaultTableOptions), options),
      rowSecurity: fc.constantFrom("off" as const, "enabled" as const, "forced" as const),
      comment: optionalText,
      kin: kinship,
    })
    .map(({ name, kin, ...rest }) => {
      const normal = dialect.normalize.table(table(name.name, { ...name, ...rest, ...kin }));
      return {
        ...normal,
        constraints: normal.constraints.map((one) => normalizeConstraint(dialect, normal, one)),
      };
    });
  const changes = fc
    .record(
      {
        nullable: fc.boolean(),
        default: fc.option(expression, { nil: null }),
        identity,
        generated,
        collation: fc.constantFrom(null, { namespace: null, name: "C" }),
        notNull: fc.constantFrom(null, { name: "x", onConflict: null }),
        extras: changeExtras(type),
      },
      { requiredKeys: [] },
    )
    .map(({ extras, ...rest }) => ({ ...rest, ...extras }))
    .chain((given) =>
      fc
        .option(fc.record({ type, using: fc.option(expression, { nil: undefined }) }), { nil: undefined })
        .map(
          (typed): ColumnChanges => ({
            ...given,
            ...(typed === undefined ? {} : { type: typed.type }),
            ...(typed?.using === undefined ? {} : { using: typed.using }),
          }),
        ),
    )
    .filter((given) => Object.keys(given).length > 0);
  const inTable = (on: "column" | "constraint" | "index" | "policy"): fc.Arbitrary<CommentTarget> =>
    fc.record({ on: fc.constant(on), table: anyName, name: nameText });
  const target: fc.Arbitrary<CommentTarget> = fc.oneof(
    fc.record({
      on: fc.constantFrom("table" as const, "view" as const, "enum" as const, "sequence" as const),
      name: anyName,
    }),
    fc.record({ on: fc.constant("namespace" as const), name: nameText }),
    inTable("column"),
    inTable("constraint"),
    inTable("index"),
    inTable("policy"),
    commentTargets,
  );
  const bulkValue = fc.oneof(
    fc.string(),
    fc.double(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array({ maxLength: 4 }),
    fc.json().map((text) => JSON.parse(text) as object),
  );
  const values = fc.uniqueArray(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 4 });
  const kind = <K extends OpKind>(name: K) => ({ kind: fc.constant(name) });
  const addColumn = merged(
    fc.record({ ...kind("add-column"), table: anyName, column: oneColumn }),
    flags("ifNotExists"),
  );
  const dropColumn = merged(
    fc.record({ ...kind("drop-column"), table: anyName, column: nameText }),
    flags("ifExists"),
  );
  const renameColumn = fc.record({
    ...kind("rename-column"),
    table: anyName,
    column: nameText,
    to: nameText,
  });
  const alterColumn = fc.record({ ...kind("alter-column"), table: anyName, column: nameText, changes });
  const addConstraint = fc
    .record({
      ...kind("add-constraint"),
      table: anyName,
      constraint: rawConstraint,
      using: fc.option(nameText, { nil: null }),
    })
    .map(({ using, ...op }) => {
      const constraint = normalizeConstraint(dialect, op.table, op.constraint);
      const isKey = constraint.kind === "primary-key" || constraint.kind === "unique";
      return { ...op, constraint, ...(using !== null && isKey ? { usingIndex: using } : {}) };
    });
  const droppedConstraint =
    dialect.name === "sqlite"
      ? fc.oneof(
          nameText,
          fc
            .oneof(unique, foreignKey, check, primaryKey)
            .map((one) =>
              dialect.normalize.constraint(
                { namespace: null, name: "t" },
                { ...one, name: null, implicitName: true },
              ),
            ),
        )
      : nameText;
  const dropConstraint = merged(
    fc.record({ ...kind("drop-constraint"), table: anyName, constraint: droppedConstraint }),
    flags("ifExists"),
  );
  const renameConstraint = fc.record({
    ...kind("rename-constraint"),
    table: anyName,
    constraint: nameText,
    to: nameText,
  });
  const alterOptions = fc.record({ ...kind("alter-table-options"), name: anyName, options });
  const setComment = fc.record({ ...kind("set-comment"), target, comment: optionalText });
  const tableOp = fc.oneof(
    addColumn,
    dropColumn,
    renameColumn,
    alterColumn,
    addConstraint,
    dropConstraint,
    renameConstraint,
    alterOptions,
  );

  return {
    "create-namespace": merged(
      fc.record({
        ...kind("create-namespace"),
        namespace: fc.record({ name: nameText, comment: optionalText }),
      }),
      flags("ifNotExists"),
    ),
    "drop-namespace": merged(
      fc.record({ ...kind("drop-namespace"), name: nameText }),
      flags("ifExists", "cascade"),
    ),
    "alter-extension": fc.record({
      ...kind("alter-extension"),
      name: nameText,
      changes: fc.oneof(
        merged(fc.record({ version: fc.constant("1.2") }), some({ namespace: fc.option(nameText) })),
        fc.record({ namespace: fc.option(nameText) }),
      ),
    }),
    "create-extension": merged(
      fc.record({
        ...kind("create-extension"),
        extension: merged(
          fc.record({
            name: nameText,
            namespace: fc.constantFrom(null, "x"),
            version: fc.constantFrom(null, "1.2"),
          }),
          some({ comment: optionalText }),
        ),
      }),
      flags("ifNotExists"),
    ),
    "drop-extension": merged(fc.record({ ...kind("drop-extension"), name: nameText }), flags("ifExists")),
    "create-enum": fc.record({
      ...kind("create-enum"),
      enum: fc
        .tuple(anyName, values, optionalText)
        .map(([name, list, comment]) => ({ ...name, values: list, comment })),
    }),
    "drop-enum": merged(fc.record({ ...kind("drop-enum"), name: anyName }), flags("ifExists")),
    "rename-enum": fc.record({ ...kind("rename-enum"), name: anyName, to: nameText }),
    "add-enum-value": merged(
      fc.record(
        {
          ...kind("add-enum-value"),
          name: anyName,
          value: fc.string(),
          position: fc.oneof(fc.record({ before: fc.string() }), fc.record({ after: fc.string() })),
        },
        { requiredKeys: ["kind", "name", "value"] },
      ),
      flags("ifNotExists"),
    ),
    "rename-enum-value": fc.record({
      ...kind("rename-enum-value"),
      name: anyName,
      from: fc.string(),
      to: fc.string(),
    }),
    "replace-enum-values": fc
      .record({
        ...kind("replace-enum-values"),
        name: anyName,
        values,
        mapped: fc.option(fc.string(), { nil: null }),
      })
      .map(({ mapped, ...op }) =>
        mapped === null ? op : { ...op, mapping: Object.fromEntries([[mapped, op.values[0] ?? ""]]) },
      ),
    "create-sequence": merged(
      fc.record({
        ...kind("create-sequence"),
        sequence: arbitrarySequence(dialect, anyName, nameText, optionalText),
      }),
      flags("ifNotExists"),
    ),
    "drop-sequence": merged(fc.record({ ...kind("drop-sequence"), name: anyName }), flags("ifExists")),
    "rename-sequence": merged(
      fc.record({ ...kind("rename-sequence"), name: anyName, to: nameText }),
      flags("ifExists"),
    ),
    "alter-sequence": fc.record({
      ...kind("alter-sequence"),
      sequence: arbitrarySequence(dialect, anyName, nameText, fc.constant(null)),
    }),
    "create-table": merged(fc.record({ ...kind("create-table"), table: oneTable }), flags("ifNotExists")),
    "drop-table": merged(fc.record({ ...kind("drop-table"), name: anyName }), flags("ifExists")),
    "set-namespace": fc.record({
      ...kind("set-namespace"),
      on: fc.constantFrom("table" as const, "view" as const, "materialized-view" as const, "enum" as const),
      name: anyName,
      to: fc.option(nameText),
    }),
    "rename-table": merged(
      fc.record({ ...kind("rename-table"), name: anyName, to: nameText }),
      flags("ifExists"),
    ),
    "alter-table-options": alterOptions,
    "set-row-security": fc.record({
      ...kind("set-row-security"),
      name: anyName,
      rowSecurity: fc.constantFrom("off" as const, "enabled" as const, "forced" as const),
    }),
    "batch-alter-table": fc
      .record({
        ...kind("batch-alter-table"),
        name: anyName,
        ops: fc.array(tableOp, { minLength: 1, maxLength: 4 }),
      })
      .map((op) => ({
        ...op,
        ops: op.ops.map((one): TableOp => {
          if (one.kind === "add-constraint") {
            const constraint = normalizeConstraint(dialect, op.name, {
              ...one.constraint,
              implicitName: false,
            });
            return { ...one, table: op.name, constraint };
          }
          return one.kind === "alter-table-options" ? { ...one, name: op.name } : { ...one, table: op.name };
        }),
      })),
    "add-column": addColumn,
    "drop-column": dropColumn,
    "rename-column": renameColumn,
    "alter-column": alterColumn,
    "add-constraint": addConstraint,
    "drop-constraint": dropConstraint,
    "rename-constraint": renameConstraint,
    "validate-constraint": fc.record({
      ...kind("validate-constraint"),
      table: anyName,
      constraint: nameText,
    }),
    "create-index": merged(
      fc.record({
        ...kind("create-index"),
        table: anyName,
        index: fc
          .record({
            name: nameText,
            keys: fc.array(key, { minLength: 1, maxLength: 3 }),
            unique: fc.boolean(),
            method: fc.constantFrom("btree", "gin"),
            include: fc.constantFrom<readonly string[]>([], ["x"]),
            where: fc.option(expression, { nil: null }),
            nullsNotDistinct: fc.boolean(),
            parameters,
            comment: optionalText,
            extras: indexExtras,
          })
          .map(({ name, keys, extras, ...rest }) =>
            dialect.normalize.index(index(name, keys, { ...rest, ...extras })),
          ),
      }),
      flags("concurrently", "ifNotExists"),
    ).map((op) => ({
      ...op,
      index: dialect.normalize.index({ ...op.index, concurrently: "concurrently" in op }),
    })),
    "drop-index": merged(
      fc.record({ ...kind("drop-index"), table: anyName, index: nameText }),
      flags("concurrently", "ifExists"),
    ),
    "rename-index": merged(
      fc.record({ ...kind("rename-index"), table: anyName, index: nameText, to: nameText }),
      flags("ifExists"),
    ),
    "create-view": fc
      .record({
        ...kind("create-view"),
        name: anyName,
        view: fc.record(
          {
            materialized: fc.boolean(),
            definition: query,
            columns: names,
            parameters,
            withData: fc.boolean(),
            method: fc.constantFrom(null, "columnar"),
            tablespace: fc.constantFrom(null, "fast"),
            comment: optionalText,
          },
          {
            requiredKeys: [
              "materialized",
              "definition",
              "parameters",
              "withData",
              "method",
              "tablespace",
              "comment",
            ],
          },
        ),
        replace: fc.boolean(),
        extras: viewExtras,
      })
      .map(({ kind: made, name, view, replace, extras }) => ({
        kind: made,
        view: dialect.normalize.view({ ...name, ...view, ...extras, indexes: [] }),
        ...(replace && !view.materialized ? { orReplace: true as const } : {}),
      })),
    "drop-view": merged(
      fc.record({ ...kind("drop-view"), name: anyName, materialized: fc.boolean() }),
      flags("ifExists"),
    ),
    "rename-view": merged(
      fc.record({ ...kind("rename-view"), name: anyName, materialized: fc.boolean(), to: nameText }),
      flags("ifExists"),
    ),
    "create-policy": fc.record({
      ...kind("create-policy"),
      table: anyName,
      policy: fc
        .record({
          name: nameText,
          permissive: fc.boolean(),
          command: fc.constantFrom("all" as const, "select" as const, "delete" as const),
          roles: fc.oneof(fc.constant(["public"]), names),
          using: fc.option(expression, { nil: null }),
          check: fc.option(expression, { nil: null }),
          comment: optionalText,
        })
        .map(dialect.normalize.policy),
    }),
    "drop-policy": merged(
      fc.record({ ...kind("drop-policy"), table: anyName, policy: nameText }),
      flags("ifExists"),
    ),
    "alter-view-column": alterViewColumn,
    ...ownTypeOps(type),
    ...definedOps,
    ...partitionOps,
    "set-comment": setComment,
    execute: fc.record({ ...kind("execute"), sql: expression }),
    assert: fc.record({ ...kind("assert"), message: fc.constant("Every row has a name"), query: expression }),
    backfill: fc
      .record({
        ...kind("backfill"),
        table: anyName,
        set: fc.dictionary(nameText, expression, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
        where: expression,
        batchSize: fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined }),
      })
      .map(({ batchSize, ...op }) => (batchSize === undefined ? op : { ...op, batchSize })),
    "bulk-insert": fc.record({
      ...kind("bulk-insert"),
      table: anyName,
      rows: fc.array(fc.dictionary(nameText, bulkValue, { minKeys: 1, maxKeys: 3, noNullPrototype: true }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  };
}

type NotNull = NonNullable<Column["notNull"]>;

const isSaid = (notNull: NotNull | undefined): notNull is NotNull =>
  notNull !== undefined &&
  (notNull.name !== null || notNull.onConflict !== null || "noInherit" in notNull || "notValid" in notNull);

function arbitrarySequence(
  dialect: Dialect,
  anyName: fc.Arbitrary<ObjectName>,
  text: fc.Arbitrary<string>,
  comment: fc.Arbitrary<string | null>,
) {
  return fc
    .record({
      name: anyName,
      type: fc.constantFrom("bigint", "integer").map((one) => dialect.normalize.type(columnType(one))),
      options: sequenceOptions,
      ownedBy: fc.option(fc.record({ table: anyName, column: text }), { nil: null }),
      comment,
      unlogged: flags("unlogged"),
    })
    .map(({ name, unlogged, ...rest }) => dialect.normalize.sequence({ ...name, ...rest, ...unlogged }));
}
