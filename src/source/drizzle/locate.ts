import type { Contradiction } from "../../schema/contradiction.js";
import type { ObjectName } from "../../schema/name.js";
import { modelFiles } from "../imported-files.js";
import type { SourcePlace } from "../source.js";

interface Declaration {
  readonly file: string;
  readonly text: string;
  readonly name: string;
  readonly start: number;
  /** Where the next one begins. */
  readonly end: number;
}

/** Calls that name something in the database: `pgTable("users"`, `billing.table("users"`, `pgEnum("mood"`. */
const declares = /\b\w*(?:table|view|enum|sequence|schema)(?:Creator)?\s*\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gi;

/**
 * Where tables, views, enums and their columns are written down, from the text of the files alone: every declaration of
 * that name. A column is looked for by its name, which may also be its key. What is named by a function of the user's
 * own is not found.
 */
export async function locate(
  files: readonly string[],
  what: readonly Contradiction[],
): Promise<readonly (readonly SourcePlace[])[]> {
  const declarations: Declaration[] = [];
  for await (const { file, text } of modelFiles(files, "exports")) {
    declarations.push(...declarationsIn(file, text));
  }
  return what.map(({ object, member }) => {
    const named = declarations.filter(({ name }) => name === object.name);
    const within = named.filter((one) => member !== null && positionOf(one, member) >= 0);
    return (within.length === 0 ? named : within).map((one) => placeOf(one, member));
  });
}

function declarationsIn(file: string, text: string): readonly Declaration[] {
  const found = [...text.matchAll(declares)];
  return found.map((match, position) => ({
    ...{ file, text, name: match[2] ?? "", start: match.index },
    end: found[position + 1]?.index ?? text.length,
  }));
}

function placeOf(declaration: Declaration, member: string | null): SourcePlace {
  const { file, text, start } = declaration;
  const within = member === null ? 0 : Math.max(positionOf(declaration, member), 0);
  return { file, line: text.slice(0, start + within).split("\n").length };
}

/** From the start of the declaration; -1 where it does not name the member. */
function positionOf({ text, start, end }: Declaration, member: string): number {
  const name = member.replace(/[^\w]/g, "\\$&");
  return text.slice(start, end).search(new RegExp(`["'\`]${name}["'\`]|\\b${name}\\s*:`));
}

const identifier = /^[A-Za-z_$][\w$]*$/;

/** The key under which a table's declaration has a column. */
function keyOf({ text, start, end }: Declaration, column: string): string {
  const declared = text.slice(start, end);
  const name = column.replace(/[^\w]/g, "\\$&");
  const [, key] = new RegExp(`([\\w$]+)\\s*:\\s*[\\w$.]+\\(\\s*["'\`]${name}["'\`]`).exec(declared) ?? [];
  if (key !== undefined) return key;
  const camel = column.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
  return !new RegExp(`\\b${name}\\s*:`).test(declared) && declared.includes(`${camel}:`) ? camel : column;
}

/** `index("orders_customer_id_idx").on(table.customerId)`, with the keys that the table's declaration has. */
export async function indexText(
  files: readonly string[],
  table: ObjectName,
  { name, columns }: { readonly name: string; readonly columns: readonly string[] },
): Promise<string> {
  let declared: Declaration | undefined;
  for await (const { file, text } of modelFiles(files, "exports"))
    declared ??= declarationsIn(file, text).find((one) => one.name === table.name);
  const keys = columns.map((column) => {
    const key = declared === undefined ? column : keyOf(declared, column);
    return identifier.test(key) ? `table.${key}` : `table[${JSON.stringify(key)}]`;
  });
  return `index(${JSON.stringify(name)}).on(${keys.join(", ")})`;
}
