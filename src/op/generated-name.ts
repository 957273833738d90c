import type { Key } from "../schema/key.js";
import type { Index, IndexKey } from "../schema/schema.js";
import { tokenize, unquote } from "./tokens.js";

/**
 * The longest name in bytes of the only engine that has partitions: it gives their indexes names, and an op has to
 * know them.
 */
const longest = 63;

function bytesOf(text: string): number {
  return Buffer.byteLength(text, "utf8");
}

function clipped(text: string, bytes: number): string {
  let result = text;
  while (bytesOf(result) > bytes) result = [...result].slice(0, -1).join("");
  return result;
}

/** Table, columns and label, of which the longer one is shortened until all fit (`makeObjectName` of the server). */
function joined(table: string, addition: string | null, label: string): string {
  let first = bytesOf(table);
  let second = addition === null ? 0 : bytesOf(addition);
  const available = longest - (addition === null ? 0 : 1) - bytesOf(label) - 1;
  while (first + second > available) {
    if (first > second) first -= 1;
    else second -= 1;
  }
  const middle = addition === null ? [] : [clipped(addition, second)];
  return [clipped(table, first), ...middle, label].join("_");
}

/** Names of an index's columns: of one name the second is numbered (`ChooseIndexColumnNames`). */
function distinct(names: readonly string[]): readonly string[] {
  const chosen: string[] = [];
  for (const name of names) {
    let free = name;
    for (let pass = 1; chosen.includes(free); pass += 1) free = `${name}${pass}`;
    chosen.push(free);
  }
  return chosen;
}

function addition(names: readonly string[]): string {
  let result = "";
  for (const name of names) {
    result += result === "" ? name : `_${name}`;
    if (bytesOf(result) > longest) break;
  }
  return result;
}

/** An expression is called after its function, or `expr` (`FigureIndexColname`). */
function keyName(key: IndexKey): string {
  if (key.column !== null) return key.column;
  const tokens = tokenize(key.expression ?? "").filter(({ kind }) => kind !== "space" && kind !== "comment");
  const [first, second] = tokens;
  if (first === undefined || second?.text !== "(" || tokens.at(-1)?.text !== ")") return "expr";
  return first.kind === "quoted" ? unquote(first.text) : first.text.toLowerCase();
}

/** The first name of those that the engine tries for the index of a partition that is not taken. */
function free(
  table: string,
  names: readonly string[] | null,
  label: string,
  taken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass += 1) {
    const name = joined(table, names === null ? null : addition(names), `${label}${pass === 0 ? "" : pass}`);
    if (!taken(name)) return name;
  }
}

/** What the engine calls the columns of an index that is made now. */
export function columnNamesOfIndex({ keys, include }: Index): readonly string[] {
  return distinct([...keys.map(keyName), ...include]);
}

/** As `columnNamesOfIndex`, for the index under a key. */
export function columnNamesOfKey(key: Key): readonly string[] {
  const keys = key.kind === "exclude" ? key.elements.map((element) => keyName(element.key)) : key.columns;
  return distinct([...keys, ...(key.include ?? [])]);
}

/**
 * The name that the engine gives a partition's copy of the parent's index (`ChooseIndexName` of the server), whose columns are
 * called `names`.
 */
export function generatedIndexName(
  table: string,
  names: readonly string[],
  taken: (name: string) => boolean,
): string {
  return free(table, names, "idx", taken);
}

const labels = { "primary-key": "pkey", unique: "key", exclude: "excl" } as const;

/** As `generatedIndexName`, for a key of the parent. */
export function generatedKeyName(
  table: string,
  { kind }: Key,
  names: readonly string[],
  taken: (name: string) => boolean,
): string {
  return free(table, kind === "primary-key" ? null : names, labels[kind], taken);
}

/** The name that PostgreSQL 18 gives the NOT NULL of a column, where it is not taken. */
export function generatedNotNullName(table: string, column: string): string {
  return joined(table, column, "not_null");
}

/** The name that the engine gives the sequence of a `serial` column, where it is not taken. */
export function generatedSequenceName(table: string, column: string): string {
  return joined(table, column, "seq");
}
