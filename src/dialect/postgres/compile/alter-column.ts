import { AludelError } from "../../../error/error.js";
import { descendantsOf } from "../../../op/create-table.js";
import { passedOn } from "../../../op/inherit/column.js";
import { childrenOf } from "../../../op/lookup.js";
import type { Op } from "../../../op/op.js";
import { sameData } from "../../../schema/equal.js";
import { nameKey, showName } from "../../../schema/name.js";
import type { Column, ColumnType, Generated, Identity } from "../../../schema/schema.js";
import type { CompileContext } from "../../dialect.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { trimExpression } from "../token.js";
import { formatType, isBuiltIn, isSerial, normalizeType, underlyingType } from "../types.js";
import { allSequenceClauses, defaultExpression, identityClause, requireVersion } from "./clause.js";
import { moveIdentity } from "./identity-position.js";
import { addNotNull, changeNotNull, requireNotNullVersion } from "./not-null.js";
import {
  advanceSequence,
  type ColumnPlace,
  changeOwnSequence,
  createOwnSequence,
  dropOwnSequence,
} from "./own-sequence.js";
import { positionOf } from "./sequence-position.js";
import { storageStatements } from "./storage.js";

/** What the functions below share: the op, the column as it was (`null` when unknown) and its ALTER TABLE. */
interface Alteration {
  readonly op: Op<"alter-column">;
  readonly place: ColumnPlace;
  readonly before: Column | null;
  readonly type: ColumnType | null;
  /** `ALTER TABLE "t" ALTER COLUMN "c"` */
  readonly head: string;
  readonly context: CompileContext;
}

/**
 * ALTER TABLE … ALTER COLUMN, in the one order that works: what stands in the way of the new type goes first, the
 * default and the identity come last. Each statement is one that the manual's ALTER TABLE describes.
 *
 * @throws AludelError `op-unsupported` for changes of generated columns that PostgreSQL cannot make in place.
 */
export function alterColumnStatements(op: Op<"alter-column">, context: CompileContext): readonly string[] {
  const columns = context.before.tables.get(nameKey(op.table))?.columns;
  const alteration: Alteration = {
    op,
    place: { table: op.table, column: op.column, before: context.before },
    before: columns?.find((column) => column.name === op.column) ?? null,
    type: op.changes.type === undefined ? null : normalizeType(op.changes.type),
    head: `ALTER TABLE ${quoteName(op.table)} ALTER COLUMN ${quoteIdentifier(op.column)}`,
    context,
  };
  const { leave, enter } = serialStatements(alteration);
  const { clear, restore } = defaultStatements(alteration);
  return [
    ...generatedStatements(alteration),
    ...leaveIdentity(alteration),
    ...leave,
    ...clear,
    ...typeStatements(alteration),
    ...nullabilityStatements(alteration),
    ...restore,
    ...enter,
    ...enterIdentity(alteration),
    ...storageOf(alteration),
    ...storageOfHeirs(alteration),
  ];
}

/** A new type, or the same one said anew, brings its own strategy and compression ("ATExecAlterColumnType"). */
function storageOf(alteration: Alteration): readonly string[] {
  const { op, before, context } = alteration;
  const after = op.changes.storage === undefined ? before?.storage : (op.changes.storage ?? undefined);
  const { strategy, compression, ...rest } = before?.storage ?? {};
  const said = {
    ...(strategy !== undefined && { strategy }),
    ...(compression !== undefined && { compression }),
  };
  const now = typeStatements(alteration).length === 0 ? { ...rest, ...said } : rest;
  const place = { head: `ALTER TABLE ${quoteName(op.table)}`, relation: op.table, column: op.column };
  return storageStatements(place, now, after, context.serverVersion);
}

/** The new type went to partitions and heirs as well, and so did the strategy: what they have of their own is said again. */
function storageOfHeirs(alteration: Alteration): readonly string[] {
  const { op, before, context } = alteration;
  const table = context.before.tables.get(nameKey(op.table));
  if (table === undefined || typeStatements(alteration).length === 0) return [];
  const passed = op.changes.storage === undefined ? before?.storage : (op.changes.storage ?? undefined);
  return descendantsOf(context.before, table).flatMap((heir) => {
    const column = heir.columns.find(({ name }) => name === op.column);
    if (column === undefined) return [];
    const { storage = column.storage } = passedOn(column, op.changes);
    const { strategy: _, compression: __, ...rest } = column.storage ?? {};
    const now = { ...rest, ...(passed?.strategy !== undefined && { strategy: passed.strategy }) };
    const place = { head: `ALTER TABLE ONLY ${quoteName(heir)}`, relation: heir, column: op.column };
    return storageStatements(place, now, storage ?? undefined, context.serverVersion);
  });
}

function generatedStatements({ op, before, head, context }: Alteration): readonly string[] {
  const after = op.changes.generated;
  if (after === undefined) return [];
  if (after === null) {
    if (before?.generated === null) return [];
    if (before?.generated?.storage === "virtual") throw inPlace(op, "keep the values of a virtual column");
    return [`${head} DROP EXPRESSION`];
  }
  requireSameStorage(op, before, after);
  const object = { namespace: op.table.namespace, name: `${op.table.name}.${op.column}` };
  const remedy = "Drop the column and add it again: its values are computed anew.";
  requireVersion(context.serverVersion, 17, "Changing the expression of a generated column", object, remedy);
  return [`${head} SET EXPRESSION AS (${trimExpression(after.expression)})`];
}

function requireSameStorage(op: Op<"alter-column">, before: Column | null, after: Generated): void {
  if (before === null) return;
  if (before.generated === null) throw inPlace(op, "make a column generated that was not");
  if (before.generated.storage !== after.storage)
    throw inPlace(op, `make a generated column ${after.storage}`);
}

function inPlace(op: Op<"alter-column">, what: string): AludelError {
  return new AludelError("op-unsupported", `PostgreSQL cannot ${what}`, {
    remedy: "Drop the column and add it again as it shall be.",
    where: { object: `${showName(op.table)}.${op.column}` },
  });
}

function leaveIdentity({ op, before, head }: Alteration): readonly string[] {
  if (op.changes.identity !== null) return [];
  if (before !== null) return before.identity === null ? [] : [`${head} DROP IDENTITY`];
  return [`${head} DROP IDENTITY IF EXISTS`];
}

function enterIdentity({ op, place, before, head, type: given }: Alteration): readonly string[] {
  const after: Identity | null | undefined = op.changes.identity;
  if (after === undefined || after === null) return [];
  if (before !== null && before.identity !== null) {
    const generation = after.generation === "always" ? "ALWAYS" : "BY DEFAULT";
    const options = allSequenceClauses(after.sequence).map((clause) => `SET ${clause}`);
    const { own: _, ...was } = before.identity;
    const { own: __, ...is } = after;
    const type = given ?? before.type;
    const position = positionOf({ type, options: was.sequence }, { type, options: is.sequence });
    if (position.kind === "restarts") options.push("RESTART");
    return [
      ...moveIdentity(place, head, position),
      ...(sameData(was, is) ? [] : [`${head} SET GENERATED ${generation} ${options.join(" ")}`]),
      ...changeOwnSequence(place, null, before.identity.own, after.own),
    ];
  }
  const named = after.own?.name === undefined ? {} : { name: after.own.name };
  const required =
    before?.nullable === false || op.changes.nullable === false ? [] : [`${head} SET NOT NULL`];
  return [
    ...required,
    `${head} ADD ${identityClause(after)}`,
    ...changeOwnSequence(place, null, named, after.own),
    advanceSequence(place, after.sequence),
  ];
}

/** A `serial` type is an integer with a sequence of its own, which comes and goes with it. */
function serialStatements(alteration: Alteration): {
  readonly leave: readonly string[];
  readonly enter: readonly string[];
} {
  const { op, place, before, type, head } = alteration;
  const was = before !== null && isSerial(before.type);
  const will = type !== null && isSerial(type);
  if (was && (type === null || will)) {
    const own = op.changes.own === undefined ? before.own : (op.changes.own ?? undefined);
    const [held, wanted] = [
      before.own?.type ?? underlyingType(before.type),
      own?.type ?? underlyingType(type ?? before.type),
    ];
    const retyped = held.name === wanted.name ? null : wanted;
    return { leave: [], enter: changeOwnSequence(place, retyped, before.own, own) };
  }
  if (type === null || was === will) return { leave: [], enter: [] };
  if (was) return { leave: [dropOwnSequence(place)], enter: [] };
  const column = { name: op.column, type: underlyingType(type) };
  return {
    leave: [],
    enter: createOwnSequence(op.table, column, head, op.changes.own ?? undefined, alteration.context),
  };
}

/**
 * ALTER TYPE converts the default only where there is an assignment cast; elsewhere the default has to be taken away
 * before and given back after.
 */
function defaultStatements({ op, before, type, head }: Alteration): {
  readonly clear: readonly string[];
  readonly restore: readonly string[];
} {
  const after = op.changes.default;
  const old = before?.default ?? null;
  const drop = [`${head} DROP DEFAULT`];
  const set = (expression: string) => [`${head} SET DEFAULT ${defaultExpression(expression)}`];
  if (op.changes.identity !== undefined && op.changes.identity !== null) {
    return { clear: old !== null || before === null ? drop : [], restore: [] };
  }
  // With its type a serial column loses the default that comes with that; else it is what the sequence is apart from.
  if (after === null) {
    const leaves = type !== null && before !== null && isSerial(before.type);
    return { clear: leaves ? [] : drop, restore: [] };
  }
  if (after !== undefined) {
    const between = type !== null && (before === null || old !== null);
    return { clear: between ? drop : [], restore: set(after) };
  }
  if (type === null || before === null || old === null || convertsItself(before.type, type)) {
    return { clear: [], restore: [] };
  }
  return { clear: drop, restore: set(withoutCast(old)) };
}

/** `'x'::mood` → `'x'`: a constant that the new type can read; any other expression as it is. */
function withoutCast(expression: string): string {
  return /^('(?:[^']|'')*')::[\w\s."[\]()]+$/.exec(trimExpression(expression))?.[1] ?? expression;
}

function typeStatements({ op, before, type, head }: Alteration): readonly string[] {
  const { collation, using } = op.changes;
  if (type === null && collation === undefined) return [];
  const target = type ?? before?.type ?? null;
  if (target === null) {
    throw new AludelError("op-impossible", "The collation of a column changes whose type is not known", {
      remedy: "Give the column's type together with its collation.",
      where: { object: `${showName(op.table)}.${op.column}` },
    });
  }
  const stays = before !== null && sameType(underlyingType(before.type), underlyingType(target));
  if (stays && collation === undefined && using === undefined) return [];
  const collate = collation === undefined ? (before?.collation ?? null) : collation;
  const parts = [`${head} TYPE ${formatType(underlyingType(target))}`];
  if (collate !== null) parts.push(`COLLATE ${quoteName(collate)}`);
  if (using !== undefined) parts.push(`USING ${trimExpression(using)}`);
  else if (before !== null && !convertsItself(before.type, target)) {
    parts.push(`USING ${castText(op.column, before.type, target)}`);
  }
  return [parts.join(" ")];
}

/** An explicit cast, which fails loudly on a value that does not fit; between two types of the user's by way of text. */
function castText(column: string, from: ColumnType, to: ColumnType): string {
  const target = formatType(underlyingType(to));
  const throughText = !isBuiltIn(from) && !isBuiltIn(to);
  const text = throughText ? `::text${"[]".repeat(from.dimensions)}` : "";
  return `${quoteIdentifier(column)}${text}::${target}`;
}

function sameType(a: ColumnType, b: ColumnType): boolean {
  return (
    a.namespace === b.namespace &&
    a.name === b.name &&
    a.dimensions === b.dimensions &&
    a.modifiers.join() === b.modifiers.join()
  );
}

/** Types between which PostgreSQL converts by itself, both values and defaults (assignment casts, manual 10.4). */
const families: readonly (readonly string[])[] = [
  ["smallint", "integer", "bigint", "numeric", "real", "double precision"],
  ["text", "character varying", "character", "bpchar", "name"],
  ["timestamp with time zone", "timestamp without time zone", "date"],
  ["json", "jsonb"],
  ["bit", "bit varying"],
  ["inet", "cidr"],
];

function convertsItself(from: ColumnType, to: ColumnType): boolean {
  const [a, b] = [underlyingType(from), underlyingType(to)];
  if (a.dimensions > 0 !== b.dimensions > 0) return false;
  if (a.name === b.name && a.namespace === b.namespace) return true;
  if (!isBuiltIn(a) || !isBuiltIn(b)) return false;
  const interval = a.name.startsWith("interval") && b.name.startsWith("interval");
  return interval || families.some((family) => family.includes(a.name) && family.includes(b.name));
}

function nullabilityStatements({ op, before, head, context }: Alteration): readonly string[] {
  const { nullable, notNull } = op.changes;
  requireNotNullVersion(op.table, op.column, notNull, context.serverVersion);
  if (nullable === true) return [`${head} DROP NOT NULL`];
  const after = notNull === undefined ? before?.notNull : (notNull ?? undefined);
  if (nullable === false) {
    return [after === undefined ? `${head} SET NOT NULL` : addNotNull(op.table, op.column, after)];
  }
  if (notNull === undefined) return [];
  if (before?.nullable === true) {
    if (notNull === null) return [];
    const column = `${showName(op.table)}.${op.column}`;
    throw new AludelError(
      "op-impossible",
      `The column ${column} may be NULL: \`notNull\` has nothing to speak of`,
      {
        where: { object: column },
        remedy: "Write { nullable: false } beside it.",
      },
    );
  }
  const hasHeirs = childrenOf(context.before, op.table).length > 0;
  return changeNotNull({ table: op.table, column: op.column, hasHeirs }, before?.notNull, after);
}
