import type { Dialect } from "../dialect/dialect.js";
import { copySchema, draftSchema } from "../schema/build.js";
import type { DefinedKind, Enum, Schema, Sequence } from "../schema/schema.js";
import { scriptOf } from "./combine-sources.js";

/**
 * The statements that make, in an empty database, what expressions of two schemas may speak of besides tables and views:
 * types, functions, operators, extensions and the like. They are in an order that runs, but for what needs a table.
 * What both schemas have is made as `b` has it, enums with the values of both.
 */
export async function expressionSupport(
  dialect: Dialect,
  a: Schema,
  b: Schema,
  serverVersion: number,
): Promise<readonly string[]> {
  const { statements } = await scriptOf(dialect, supportOf(a, b), serverVersion);
  return statements.map(({ sql }) => sql);
}

function supportOf(a: Schema, b: Schema): Schema {
  const draft = copySchema({
    ...draftSchema(b.dialect),
    ...(b.home === undefined ? {} : { home: b.home }),
    namespaces: new Map([...a.namespaces, ...b.namespaces]),
    extensions: new Map([...a.extensions, ...b.extensions]),
    domains: new Map([...a.domains, ...b.domains]),
    composites: new Map([...a.composites, ...b.composites]),
    defined: new Map([...a.defined, ...b.defined].filter(([, { kind }]) => isOfExpressions[kind])),
  });
  for (const [key, type] of [...a.enums, ...b.enums])
    draft.enums.set(key, withValues(draft.enums.get(key), type));
  for (const [key, sequence] of [...a.sequences, ...b.sequences]) draft.sequences.set(key, free(sequence));
  return draft;
}

function withValues(known: Enum | undefined, type: Enum): Enum {
  return { ...type, values: [...new Set([...(known?.values ?? []), ...type.values])] };
}

/** The table that it belongs to is not there. */
function free(sequence: Sequence): Sequence {
  return { ...sequence, ownedBy: null };
}

/** Total: for a new kind somebody has to say whether an expression can need it. */
const isOfExpressions: Readonly<Record<DefinedKind, boolean>> = {
  language: true,
  collation: true,
  "shell-type": true,
  "base-type": true,
  range: true,
  function: true,
  procedure: false,
  aggregate: true,
  operator: true,
  "operator-family": true,
  "operator-class": true,
  cast: true,
  transform: false,
  conversion: false,
  "access-method": false,
  "text-search-parser": true,
  "text-search-template": true,
  "text-search-dictionary": true,
  "text-search-configuration": true,
  "foreign-data-wrapper": false,
  server: false,
  "user-mapping": false,
  "foreign-table": false,
  statistics: false,
  rule: false,
  trigger: false,
  "trigger-state": false,
  "event-trigger": false,
  publication: false,
  "default-privileges": false,
  grant: false,
};
