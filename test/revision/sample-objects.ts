import fc from "fast-check";
import type { CommentTarget, Op } from "../../src/op/op.js";
import type { DefinedName } from "../../src/schema/address.js";
import {
  type Column,
  type ColumnStorage,
  type ColumnType,
  type Composite,
  type Defined,
  type Domain,
  definedKinds,
  type OwnSequence,
  type Partition,
  type Table,
  type View,
} from "../../src/schema/schema.js";
import {
  definition,
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

const kind = <K extends string>(name: K) => ({ kind: fc.constant(name) });
const collation = fc.option(
  fc.record({ namespace: fc.constantFrom(null, "billing"), name: fc.constant("de-x-icu") }),
  { nil: null },
);

/** An object of any kind with what it may be known by: the operations of its kind cannot always say it. */
export const definedName: fc.Arbitrary<DefinedName> = fc
  .record({
    kind: fc.oneof(
      fc.constantFrom(...definedKinds),
      fc.constantFrom("function" as const, "trigger" as const, "rule" as const),
    ),
    name: fc.oneof({ weight: 5, arbitrary: objectName }, fc.constant({ namespace: null, name: "" })),
    table: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, objectName),
    owner: objectName,
    signature: fc.constantFrom("", "integer, text", 'VARIADIC "Mood x"[]', "text AS integer"),
    elsewhere: fc.integer({ max: 4, min: 0 }),
  })
  .map(({ kind: of, name, table, owner, signature, elsewhere }) => {
    const belongs = of === "trigger" || of === "trigger-state" || of === "rule";
    return {
      kind: of,
      ...name,
      // Most triggers live in no schema of their own and have no signature.
      ...(belongs && elsewhere > 0 ? { namespace: null } : {}),
      table: belongs ? owner : table,
      signature: belongs && elsewhere > 1 ? "" : signature,
    };
  });

function defined(comment: fc.Arbitrary<string | null>): fc.Arbitrary<Defined> {
  return fc
    .record({
      object: definedName,
      definition,
      settings: fc.array(
        expression.map((text) => text.replace(/^\s+|[\s;]+$/g, "")).filter((text) => text !== ""),
        { maxLength: 2 },
      ),
      comment,
    })
    .map(({ object, ...rest }) => ({ ...object, ...rest }));
}

/** Records under names, in the order that an object has: those that are numbers come first. */
const inObjectOrder = <T extends { readonly name: string }>(items: readonly T[]): readonly T[] =>
  Object.values(Object.fromEntries(items.map((item) => [item.name, item])));

function domain(type: fc.Arbitrary<ColumnType>, comment: fc.Arbitrary<string | null>): fc.Arbitrary<Domain> {
  const check = fc.record({ name: nameText, expression, validated: fc.boolean(), comment });
  return fc
    .record({
      name: objectName,
      type,
      nullable: fc.boolean(),
      notNullName: fc.option(nameText, { nil: null }),
      default: fc.option(expression, { nil: null }),
      collation,
      checks: fc.uniqueArray(check, { maxLength: 3, selector: (one) => one.name }).map(inObjectOrder),
      comment,
    })
    .map(({ name, notNullName, ...rest }) => ({
      ...name,
      ...rest,
      ...(rest.nullable || notNullName === null ? {} : { notNullName }),
    }));
}

function composite(
  type: fc.Arbitrary<ColumnType>,
  comment: fc.Arbitrary<string | null>,
): fc.Arbitrary<Composite> {
  const attribute = fc.record({ name: nameText, type, collation, comment });
  return fc
    .record({
      name: objectName,
      attributes: fc.uniqueArray(attribute, { maxLength: 4, selector: (one) => one.name }),
      comment,
    })
    .map(({ name, ...rest }) => ({ ...name, ...rest }));
}

const none = fc.constant(null);
const named = fc.record({ name: objectName });

/** Ops on domains and composite types. */
export function ownTypeOps(type: fc.Arbitrary<ColumnType>) {
  const rename = fc.record({ attribute: nameText, to: nameText });
  return {
    "create-domain": fc.record({ ...kind("create-domain"), domain: domain(type, optionalText) }),
    "drop-domain": merged(fc.record({ ...kind("drop-domain"), name: objectName }), flags("ifExists")),
    "rename-domain": fc.record({ ...kind("rename-domain"), name: objectName, to: nameText }),
    "alter-domain": fc.record({ ...kind("alter-domain"), domain: domain(type, none) }),

    "create-composite": fc.record({ ...kind("create-composite"), composite: composite(type, optionalText) }),
    "drop-composite": merged(fc.record({ ...kind("drop-composite"), name: objectName }), flags("ifExists")),
    "rename-composite": fc.record({ ...kind("rename-composite"), name: objectName, to: nameText }),
    "alter-composite": merged(
      fc.record({ ...kind("alter-composite"), composite: composite(type, none) }),
      some<NonNullableRenames>({ renames: fc.array(rename, { minLength: 1, maxLength: 3 }) }),
    ),
  };
}

type NonNullableRenames = { readonly renames: NonNullable<Op<"alter-composite">["renames"]> };

/** Ops on objects that are known by their statement. */
export const definedOps = {
  "create-defined": merged(
    fc.record({ ...kind("create-defined"), object: defined(optionalText) }),
    flags("unchecked"),
  ),
  "drop-defined": merged(fc.record({ ...kind("drop-defined"), object: definedName }), flags("ifExists")),
  "replace-defined": merged(
    fc.record({ ...kind("replace-defined"), object: defined(none) }),
    flags("unchecked"),
  ),
};

const partition: fc.Arbitrary<Partition> = fc.record({ of: objectName, bounds: expression });

/** Ops on partitions and inheritance. */
export const partitionOps = {
  "attach-partition": fc.record({ ...kind("attach-partition"), name: objectName, partition }),
  "detach-partition": merged(
    fc.record({ ...kind("detach-partition"), name: objectName }),
    flags("concurrently"),
  ),
  "set-inheritance": fc.record({
    ...kind("set-inheritance"),
    name: objectName,
    inherits: fc.array(objectName, { maxLength: 3 }),
  }),
  "attach-index": fc.record({ ...kind("attach-index"), table: objectName, index: nameText, to: objectName }),
};

/** Of what a table is a part, and what parts it has. */
export const kinship = some<Required<Pick<Table, "partitioning" | "partition" | "inherits" | "ofType">>>({
  partitioning: fc.record({
    strategy: fc.constantFrom("range" as const, "list" as const, "hash" as const),
    keys: expression,
  }),
  partition,
  inherits: fc.array(objectName, { maxLength: 2 }),
  ofType: objectName,
});

const storage: fc.Arbitrary<ColumnStorage> = some<Required<ColumnStorage>>({
  strategy: fc.constantFrom("external", "main"),
  compression: fc.constant("lz4"),
  statistics: fc.constantFrom(0, 500),
  parameters: fc.constantFrom({ n_distinct: "-0.5" }, {}),
});

export const ownSequence = (type: fc.Arbitrary<ColumnType>): fc.Arbitrary<OwnSequence> =>
  some<Required<OwnSequence>>({ name: objectName, type, unlogged: fc.boolean() });

/** What a column has beyond what every engine knows. */
export const columnExtras = (type: fc.Arbitrary<ColumnType>) =>
  some<Required<Pick<Column, "storage" | "own" | "inherited">>>({
    storage,
    own: ownSequence(type),
    inherited: fc.constant(true),
  });

const index = some({
  parameters,
  tablespace: fc.constantFrom("fast disk"),
  attachedTo: objectName,
});
const inherited = fc.constant(true as const);

/** What constraints have beyond what every engine knows, by their kinds. */
export const constraintExtras = {
  key: some({ withoutOverlaps: fc.constant(true as const), index, inherited }),
  foreignKey: some({ enforced: fc.constant(false as const), period: fc.constant(true as const), inherited }),
  check: some({ enforced: fc.constant(false as const), inherited }),
  exclude: some({ include: names, index, inherited }),
};

export const indexKeyExtras = some({
  operatorClassParameters: fc.constantFrom<Readonly<Record<string, string>>>({ siglen: "32" }, {}),
});

export const indexExtras = some({
  tablespace: fc.constantFrom("fast disk"),
  statistics: fc.constantFrom<Readonly<Record<string, number>>>({ "1": 500, "3": 0 }, {}),
  attachedTo: objectName,
  only: fc.constant(true as const),
});

const replicaIdentity = fc.oneof(
  fc.record({ by: fc.constantFrom("full" as const, "nothing" as const) }),
  fc.record({ by: fc.constant("index" as const), index: nameText }),
);

export const tableOptionExtras = some({
  method: fc.constantFrom("heap2", "Col umnar"),
  replicaIdentity,
  clusterOn: nameText,
});

const columnProperties = some<NonNullable<NonNullable<View["columnProperties"]>[string]>>({
  default: expression,
  comment: fc.constantFrom("a comment", "two\nlines"),
  storage,
} as never);

/** What views have beyond what every engine knows. */
export const viewExtras = some<Required<Pick<View, "columnProperties" | "options">>>({
  columnProperties: fc
    .array(fc.tuple(nameText, columnProperties), { maxLength: 3 })
    .map((pairs) => Object.fromEntries(pairs)),
  options: some({ replicaIdentity, clusterOn: nameText }).filter((one) => Object.keys(one).length > 0),
});

export const alterViewColumn = fc.record({
  ...kind("alter-view-column"),
  name: objectName,
  materialized: fc.boolean(),
  column: nameText,
  properties: fc.option(columnProperties, { nil: null }),
});

export const changeExtras = (type: fc.Arbitrary<ColumnType>) =>
  some({
    storage: fc.option(storage, { nil: null }),
    own: fc.option(ownSequence(type), { nil: null }),
  });

export const commentTargets: fc.Arbitrary<CommentTarget> = fc.oneof(
  merged(fc.record({ on: fc.constantFrom("domain" as const, "composite" as const) }), named),
  fc.record({ on: fc.constant("extension" as const), name: nameText }),
  fc.record({
    on: fc.constantFrom("domain-check" as const, "attribute" as const),
    table: objectName,
    name: nameText,
  }),
  fc.record({ on: fc.constant("defined" as const), object: definedName }),
);
