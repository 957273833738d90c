import { needsOf } from "../../diff/sort/needs.js";
import { ownedBy, roleOf, type Sides, sequencesThatGo } from "../../diff/sort/role.js";
import type { Op } from "../../op/op.js";
import { tokenize, unquote } from "../../op/tokens.js";
import type { ObjectName } from "../../schema/name.js";
import type { Column, Constraint, Expression, Schema } from "../../schema/schema.js";
import { type DefaultNamespace, objectPlace, type Place, partPlace, placeOf, relationKey } from "./place.js";

/** A place that is changed. */
export interface Write extends Place {
  /** What is built on the place may notice: it comes, goes, or becomes another. */
  readonly breaks: boolean;
  /** A new column that rows can be written without. */
  readonly optional?: boolean;
}

/** Words of a text, of which any may name something. */
export interface Mention {
  readonly words: ReadonlySet<string>;
  /** It takes all columns of what it names. */
  readonly all: boolean;
  /** The table whose columns it can name without the table. */
  readonly owner: string | null;
}

/** A table that SQL text works on, in which way exactly is not looked into. */
export interface Whole {
  readonly place: Place;
  /** `rows`: it reads or changes rows. */
  readonly kind: "definition" | "rows";
  /** It takes its columns as they come: `INSERT INTO t VALUES (…)`. */
  readonly all: boolean;
  /** Of an UPDATE, the columns that it sets; `null` where that is not known, or not all. */
  readonly sets: ReadonlySet<string> | null;
  readonly words: ReadonlySet<string>;
}

/** What a revision does to which places of a database, and what it takes for granted. */
export interface Touch {
  readonly writes: Write[];
  readonly needs: Place[];
  /** Names that no two objects can have, beside those of places. */
  readonly names: string[];
  readonly mentions: Mention[];
  readonly wholes: Whole[];
}

export const emptyTouch = (): Touch => ({ writes: [], needs: [], names: [], mentions: [], wholes: [] });

/** What stands before an asterisk that means all columns, and not a product. */
const beforeAll = /^(?:select|distinct|all|returning|[.,])$/i;

/** The words of SQL text; texts in it, such as bodies of routines, count as text, too. */
export function mentionOf(text: Expression, owner: string | null, depth = 0): Mention {
  const words = new Set<string>();
  let all = false;
  let before = "";
  for (const token of tokenize(text)) {
    if (token.kind === "space" || token.kind === "comment") continue;
    if (token.kind === "bare") words.add(token.text.toLowerCase());
    else if (token.kind === "quoted") words.add(unquote(token.text).toLowerCase());
    else if (token.kind === "other" && token.text === "*") all ||= beforeAll.test(before);
    else if (token.kind === "string" && depth < 2) {
      const inner = mentionOf(
        token.text.replace(/^\$[^$]*\$|\$[^$]*\$$|^[A-Za-z]?'|'$/g, ""),
        owner,
        depth + 1,
      );
      for (const word of inner.words) words.add(word);
      all ||= inner.all;
    }
    before = token.text;
  }
  return { words, all, owner };
}

/** Renames of parts, by the kind of part. */
const partRenames: Partial<Record<Op["kind"], string>> = {
  "rename-column": "column",
  "rename-constraint": "constraint",
  "rename-index": "index",
};

/** Changes that what is built on the object does not notice. */
const harmless: readonly Op["kind"][] = [
  "add-enum-value",
  "alter-domain",
  "alter-extension",
  "alter-sequence",
];

/**
 * Adds what an op touches. No schema is needed: what else goes with an object that is dropped, the other side needs
 * the object for.
 */
export function touchOp(touch: Touch, op: Op, schema: Schema, standard: DefaultNamespace): void {
  if (op.kind === "batch-alter-table") {
    for (const inner of op.ops) touchOp(touch, inner, schema, standard);
    return;
  }
  const sequences = sequencesThatGo(schema, { sequences: new Map() });
  const sides: Sides = { from: schema, to: schema, owned: ownedBy(schema), sequences, asides: new Map() };
  const role = roleOf(op, sides);
  const needs = needsOf(op, role.makes, []);
  const breaks = !harmless.includes(op.kind);
  const written = [...new Set([...role.makes, ...role.removes])].map((one) => placeOf(one, standard));
  const optional = op.kind === "add-column" && !mustBeGiven(op.column);
  touch.writes.push(...written.map((place) => ({ ...place, breaks, optional })));
  touch.writes.push(...furtherWrites(op, standard));
  touch.needs.push(...needs.addresses.map((one) => placeOf(one, standard)), ...furtherNeeds(op, standard));
  touch.names.push(...role.names.map((name) => name.toLowerCase()));
  const owner = tableOf(op);
  const ownerKey = owner === null ? null : relationKey(owner, standard);
  if (owner !== null) touch.needs.push(objectPlace("table", owner, standard));
  touch.mentions.push(...needs.texts.map((text) => mentionOf(text, ownerKey)));
  if (op.kind === "backfill") {
    const columns = new Set(Object.keys(op.set).map((name) => name.toLowerCase()));
    const words = new Set([...columns, ...touch.mentions.flatMap((mention) => [...mention.words])]);
    const place = objectPlace("table", op.table, standard);
    touch.wholes.push({ place, kind: "rows", all: false, sets: columns, words });
    touch.mentions.push({ words: columns, all: false, owner: ownerKey });
  }
  if (op.kind === "bulk-insert") {
    const words = new Set(op.rows.flatMap((row) => Object.keys(row).map((name) => name.toLowerCase())));
    touch.wholes.push({
      place: objectPlace("table", op.table, standard),
      kind: "rows",
      all: false,
      sets: null,
      words,
    });
    touch.mentions.push({ words, all: false, owner: ownerKey });
  }
}

/** Whoever writes a row has to say the column's value. */
function mustBeGiven({ nullable, default: value, generated, identity }: Column): boolean {
  return !nullable && value === null && generated === null && identity === null;
}

/** The table or view that an op works on, if it is there before. */
function tableOf(op: Op): ObjectName | null {
  return "table" in op && op.kind !== "create-table" ? op.table : null;
}

type Writes = readonly Write[];

/** Of ops that have no place in the order of a diff, and those that change more than there. */
function furtherWrites(op: Op, standard: DefaultNamespace): Writes {
  const object = (kind: string, name: ObjectName, breaks = true): Write => ({
    ...objectPlace(kind, name, standard),
    breaks,
  });
  const part = (kind: string, owner: ObjectName, name: string, breaks = true): Write => ({
    ...partPlace(kind, owner, name, standard),
    breaks,
  });
  const kindOfPart = partRenames[op.kind];
  if (kindOfPart !== undefined && "to" in op && "table" in op && typeof op.to === "string") {
    const from = "column" in op ? op.column : "constraint" in op ? op.constraint : op.index;
    return [part(kindOfPart, op.table, from), part(kindOfPart, op.table, op.to)];
  }
  switch (op.kind) {
    case "rename-table":
    case "rename-view":
    case "rename-enum":
    case "rename-domain":
    case "rename-composite":
    case "rename-sequence": {
      const kind = op.kind.slice("rename-".length);
      return [object(kind, op.name), object(kind, { ...op.name, name: op.to })];
    }
    case "rename-enum-value":
      return [object("enum", op.name)];
    case "create-namespace":
      return [object("namespace", { namespace: null, name: op.namespace.name })];
    case "drop-namespace":
      return [object("namespace", { namespace: null, name: op.name })];
    case "alter-column":
      return [part("column", op.table, op.column, op.changes.type !== undefined)];
    case "alter-sequence":
      return [object("sequence", op.sequence, false)];
    case "alter-extension":
      return [object("extension", { namespace: null, name: op.name }, false)];
    case "add-constraint":
      return keyColumns(op.constraint).map((column) => part("column", op.table, column, false));
    case "drop-constraint":
      // Which kind it was is not known of a name alone: one primary key gives way to another.
      return typeof op.constraint === "string" ? [part("primary key", op.table, "", false)] : [];
    case "validate-constraint":
      return [part("constraint", op.table, op.constraint, false)];
    case "attach-index":
      return [part("index", op.table, op.index)];
    case "alter-table-options":
    case "set-row-security":
      return [part(op.kind === "set-row-security" ? "row security" : "options", op.name, "", false)];
    case "attach-partition":
      return [object("table", op.name), object("table", op.partition.of)];
    case "detach-partition":
    case "set-inheritance":
      return [object("table", op.name)];
    case "alter-view-column":
      return [part("column", op.name, op.column, false)];
    case "set-comment":
      return [commentWrite(op, standard)];
    default:
      return [];
  }
}

function commentWrite({ target }: Op<"set-comment">, standard: DefaultNamespace): Write {
  const on = "table" in target ? target.table : null;
  const name =
    "object" in target
      ? { namespace: target.object.namespace, name: target.object.name }
      : typeof target.name === "string"
        ? { namespace: null, name: target.name }
        : target.name;
  const place =
    on === null
      ? objectPlace(`comment on ${target.on}`, name, standard)
      : partPlace(`comment on ${target.on}`, on, name.name, standard);
  return { ...place, breaks: false };
}

/** A primary key makes its columns NOT NULL, and takes the place of another one. */
function keyColumns(constraint: Constraint): readonly string[] {
  return constraint.kind === "primary-key" ? constraint.columns : [];
}

function furtherNeeds(op: Op, standard: DefaultNamespace): readonly Place[] {
  const columns = (table: ObjectName, names: readonly (string | null)[]) =>
    names.flatMap((name) => (name === null ? [] : [partPlace("column", table, name, standard)]));
  const ofConstraint = (table: ObjectName, constraint: Constraint): readonly Place[] => {
    const own = "columns" in constraint ? columns(table, constraint.columns) : [];
    if (constraint.kind !== "foreign-key") return own;
    const { table: other, columns: referenced } = constraint.references;
    return [...own, ...columns(other, referenced)];
  };
  switch (op.kind) {
    case "create-index":
      return columns(op.table, [...op.index.keys.map(({ column }) => column), ...(op.index.include ?? [])]);
    case "add-constraint":
      return ofConstraint(op.table, op.constraint);
    case "create-table":
      return op.table.constraints.flatMap((constraint) =>
        constraint.kind === "foreign-key" ? ofConstraint(op.table, constraint) : [],
      );
    case "detach-partition":
    case "alter-view-column":
      return [objectPlace("table", op.name, standard)];
    default:
      return [];
  }
}
