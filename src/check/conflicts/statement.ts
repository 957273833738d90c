import { type Token, tokenize, unquote } from "../../op/tokens.js";
import type { ObjectName } from "../../schema/name.js";
import { type DefaultNamespace, objectPlace, relationKey } from "./place.js";
import { mentionOf, type Touch } from "./touch.js";

/** The words of a statement, to be read from the left. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(sql: string) {
    this.#tokens = tokenize(sql).filter(({ kind }) => kind !== "space" && kind !== "comment");
  }

  /** Goes over one of these words, if it is next. */
  take(...words: readonly string[]): string | null {
    const token = this.#tokens[this.#at];
    const word = token?.kind === "bare" ? token.text.toLowerCase() : "";
    if (!words.includes(word)) return null;
    this.#at += 1;
    return word;
  }

  sign(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "other" || token.text !== text) return false;
    this.#at += 1;
    return true;
  }

  name(): ObjectName | null {
    const parts: string[] = [];
    do {
      const token = this.#tokens[this.#at];
      if (token?.kind === "bare") parts.push(token.text.toLowerCase());
      else if (token?.kind === "quoted") parts.push(unquote(token.text));
      else return null;
      this.#at += 1;
    } while (this.sign("."));
    const name = parts.at(-1);
    return name === undefined ? null : { namespace: parts.at(-2) ?? null, name };
  }

  /** The columns before `=`, up to the end of the list; `null` for a list in parentheses, which has several in one. */
  assigned(): ReadonlySet<string> | null {
    const names = new Set<string>();
    let depth = 0;
    let expected = true;
    for (const { kind, text } of this.#tokens.slice(this.#at)) {
      const word =
        kind === "bare" ? text.toLowerCase() : kind === "quoted" ? unquote(text).toLowerCase() : null;
      if (expected) {
        if (word === null) return null;
        names.add(word);
        expected = false;
      } else if (text === "(") depth += 1;
      else if (text === ")") depth -= 1;
      else if (depth === 0 && kind === "bare" && ["where", "from", "returning"].includes(word ?? "")) break;
      else if (depth === 0 && text === ",") expected = true;
    }
    return names;
  }

  /** Goes on behind the first of these words. */
  skipTo(word: string): boolean {
    const found = this.#tokens.findIndex(
      ({ kind, text }, at) => at >= this.#at && kind === "bare" && text.toLowerCase() === word,
    );
    if (found === -1) return false;
    this.#at = found + 1;
    return true;
  }
}

const kinds = [
  "table",
  "view",
  "index",
  "trigger",
  "sequence",
  "type",
  "domain",
  "function",
  "procedure",
  "schema",
  "extension",
  "policy",
];
/** Parts of a table, which stand behind ON. */
const ofTable = ["index", "trigger", "policy"];

interface Target {
  readonly kind: string;
  readonly names: readonly ObjectName[];
  readonly table: ObjectName | null;
}

function definitionTarget(reader: Reader): Target | null {
  const verb = reader.take("create", "alter", "drop");
  if (verb === null) return null;
  while (
    reader.take("or", "replace", "unique", "temp", "temporary", "unlogged", "materialized", "constraint")
  ) {
    // Words between the verb and the kind.
  }
  const kind = reader.take(...kinds);
  if (kind === null) return null;
  while (reader.take("concurrently", "if", "not", "exists", "only")) {
    // Words between the kind and the name.
  }
  // An index of which the engine chooses the name is known by its table alone.
  const names: ObjectName[] = [];
  for (let more = !reader.take("on"); more; more = verb === "drop" && reader.sign(",")) {
    const name = reader.name();
    if (name === null) return null;
    names.push(name);
  }
  if (!ofTable.includes(kind)) return { kind, names, table: null };
  if (verb === "create" && names.length > 0 && !reader.skipTo("on")) return null;
  const hasTable = verb === "create" || (kind !== "index" && reader.skipTo("on"));
  reader.take("only");
  return { kind, names, table: hasTable ? reader.name() : null };
}

/** The table whose rows a statement changes, and whether it takes the columns as they come. */
interface RowsTarget {
  readonly table: ObjectName;
  readonly all: boolean;
  readonly sets: ReadonlySet<string> | null;
}

function rowsTarget(reader: Reader): RowsTarget | null {
  const verb = reader.take("insert", "update", "delete", "truncate", "replace");
  if (verb === null) return null;
  if (reader.take("or")) reader.take("ignore", "replace", "abort", "fail", "rollback");
  reader.take("into", "from", "table");
  reader.take("only");
  const table = reader.name();
  if (table === null) return null;
  const all = (verb === "insert" || verb === "replace") && !reader.sign("(");
  return { table, all, sets: verb === "update" && reader.skipTo("set") ? reader.assigned() : null };
}

/**
 * Adds what a statement of SQL touches, as far as its first words say: the object, and every name that it mentions. A
 * table that it works on counts as a whole.
 *
 * Out: false for a statement that begins otherwise, of which nothing can be said (DO, CALL, WITH, SELECT …).
 */
export function touchStatement(touch: Touch, sql: string, standard: DefaultNamespace): boolean {
  const rows = rowsTarget(new Reader(sql));
  if (rows !== null) {
    const place = objectPlace("table", rows.table, standard);
    const { all, sets } = rows;
    const mention = mentionOf(sql, place.key);
    touch.wholes.push({ place, kind: "rows", all, sets, words: mention.words });
    touch.needs.push(place);
    touch.mentions.push(mention);
    return true;
  }
  const target = definitionTarget(new Reader(sql));
  if (target === null) return false;
  const { kind, names, table: on } = target;
  const owner = on ?? (kind === "table" ? (names[0] ?? null) : null);
  const mention = mentionOf(sql, owner === null ? null : relationKey(owner, standard));
  for (const name of names) {
    // A view and a table share their names; so do indexes with both.
    const place = objectPlace(kind, name, standard);
    touch.writes.push({ ...place, breaks: true });
    touch.names.push(place.name);
    if (kind === "table")
      touch.wholes.push({ place, kind: "definition", all: true, sets: null, words: mention.words });
  }
  if (on !== null) {
    const place = objectPlace("table", on, standard);
    touch.needs.push(place);
    touch.wholes.push({ place, kind: "definition", all: true, sets: null, words: mention.words });
  }
  touch.mentions.push(mention);
  return true;
}
