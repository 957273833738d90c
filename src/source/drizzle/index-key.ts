import { indexKey } from "../../schema/build.js";
import type { ObjectName } from "../../schema/name.js";
import type { Expression, IndexKey } from "../../schema/schema.js";

/**
 * Takes the SQL of one key of an index apart: `lower("email") text_pattern_ops DESC NULLS LAST` has an expression, an
 * operator class and an order, as in the grammar of CREATE INDEX (PostgreSQL manual, CREATE INDEX; SQLite,
 * lang_createindex.html). A key that is only a column's name is a column.
 *
 * What does not follow the grammar is taken as one expression, so that the engine is the judge of it.
 */
export function readIndexKey(text: string, columns: ReadonlySet<string>): IndexKey {
  let rest = text.trim();
  const nulls = peel(/\s+nulls\s+(first|last)$/i);
  const order = (peel(/\s+(asc|desc)$/i) ?? "asc") as IndexKey["order"];
  const properties = { order, ...(nulls === null ? {} : { nulls: nulls as IndexKey["nulls"] }) };

  const primary = primaryLength(rest);
  const options = primary === null ? null : readOptions(rest.slice(primary));
  const key = primary === null || options === null ? null : keyOf(rest.slice(0, primary), columns);
  // A bare word that is no column is the start of something else: `not active`.
  if (key === null || ("expression" in key && !rest.slice(0, primary ?? 0).endsWith(")"))) {
    return indexKey(keyOf(rest, columns), properties);
  }
  return { ...indexKey(key, properties), ...options };

  function peel(pattern: RegExp): string | null {
    const found = pattern.exec(rest);
    if (!found) return null;
    rest = rest.slice(0, found.index).trimEnd();
    return (found[1] ?? "").toLowerCase();
  }
}

function keyOf(
  text: string,
  columns: ReadonlySet<string>,
): { readonly column: string } | { readonly expression: Expression } {
  const expression = withoutParentheses(text.trim());
  const quoted = /^"((?:[^"]|"")+)"$/.exec(expression)?.[1]?.replace(/""/g, '"');
  const name = quoted ?? [expression, expression.toLowerCase()].find((bare) => columns.has(bare));
  return name !== undefined && columns.has(name) ? { column: name } : { expression };
}

/** An expression in one pair of parentheses that mean nothing, without them. */
function withoutParentheses(text: string): string {
  if (!text.startsWith("(") || closing(text, 0) !== text.length) return text;
  return withoutParentheses(text.slice(1, -1).trim());
}

/** How long the part before the options is: a name, a call or something in parentheses; `null` for anything else. */
function primaryLength(text: string): number | null {
  if (text.startsWith("(")) return closing(text, 0);
  const name =
    /^(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*))*/u.exec(
      text,
    )?.[0];
  if (name === undefined) return null;
  const gap = /^\s*\(/.exec(text.slice(name.length))?.[0];
  return gap === undefined ? name.length : closing(text, name.length + gap.length - 1);
}

/** The offset after the parenthesis that closes the one at `start`; `null` when none does. */
function closing(text: string, start: number): number | null {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === "'" || character === '"') {
      const end = text.indexOf(character, at + 1);
      if (end < 0) return null;
      at = end;
    }
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return null;
}

/** COLLATE and operator class after a key; `null` when there is something else. */
function readOptions(text: string): Pick<IndexKey, "collation" | "operatorClass"> | null {
  const found =
    /^(?:\s+collate\s+((?:"(?:[^"]|"")+"|\w+)(?:\.(?:"(?:[^"]|"")+"|\w+))?))?(?:\s+(\w+(?:\.\w+)?(?:\s*\([^()]*\))?))?\s*$/i.exec(
      text,
    );
  if (!found) return null;
  return {
    collation: found[1] === undefined ? null : nameFrom(found[1]),
    operatorClass: found[2] ?? null,
  };
}

function nameFrom(text: string): ObjectName {
  const parts = [...text.matchAll(/"((?:[^"]|"")+)"|(\w+)/g)].map(
    ([, quoted, bare]) => quoted?.replace(/""/g, '"') ?? bare ?? "",
  );
  const [name = "", namespace = null] = parts.reverse();
  return { namespace, name };
}
