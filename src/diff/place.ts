import { AludelError } from "../error/error.js";
import { nameKey, type ObjectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import type { Place, PlaceKind, Rename } from "./contract.js";

const plain = /^[^\s".:']+$/;

/** Parts of a name joined with dots; a part is in double quotes when it has a dot, colon, quote or white space. */
export function formatPath(parts: readonly string[]): string {
  return parts.map((part) => (plain.test(part) ? part : `"${part.replaceAll('"', '""')}"`)).join(".");
}

/** `persons`, `billing.invoices`, `persons.email`, `mood.sad`. */
export function formatPlace(place: Place): string {
  const { namespace, name } = place.object;
  return formatPath([
    ...(namespace === null ? [] : [namespace]),
    name,
    ...(place.member === null ? [] : [place.member]),
  ]);
}

function unreadable(text: string, example: string): AludelError {
  return new AludelError("usage", `"${text}" is not a name that can be understood`, {
    remedy: `Write it like ${example}; put parts with dots, colons or spaces in double quotes.`,
  });
}

const partPattern = /"((?:[^"]|"")*)"|([^".:]+)/y;

/** Reads parts joined with dots from `at` on; gives where it stopped. */
function readParts(text: string, start: number): { readonly parts: readonly string[]; readonly end: number } {
  const parts: string[] = [];
  let at = start;
  for (;;) {
    partPattern.lastIndex = at;
    const match = partPattern.exec(text);
    if (match === null) throw unreadable(text, "persons.email");
    parts.push(match[1] === undefined ? match[0] : match[1].replaceAll('""', '"'));
    at = partPattern.lastIndex;
    if (text.charAt(at) !== ".") return { parts, end: at };
    at += 1;
  }
}

/** The inverse of `formatPath`. @throws AludelError `usage`. */
export function parsePath(text: string): readonly string[] {
  const { parts, end } = readParts(text, 0);
  if (end !== text.length) throw unreadable(text, "persons.email");
  return parts;
}

/** What `--rename persons.name:persons.full_name` says. @throws AludelError `usage`. */
export function parseRename(text: string): Rename {
  const { end } = readParts(text, 0);
  if (text.charAt(end) !== ":") throw unreadable(text, "persons.name:persons.full_name");
  const to = text.slice(end + 1);
  parsePath(to);
  return { from: text.slice(0, end), to };
}

/** A key for sets of places. */
export function placeKey(place: Place): string {
  return JSON.stringify([place.kind, place.object.namespace, place.object.name, place.member]);
}

/** True when the schema has the place. */
export function hasPlace(schema: Schema, place: Place): boolean {
  const key = nameKey(place.object);
  switch (place.kind) {
    case "table":
      return schema.tables.has(key);
    case "view":
      return schema.views.has(key);
    case "enum":
      return schema.enums.has(key);
    case "sequence":
      return schema.sequences.has(key);
    case "column":
      return schema.tables.get(key)?.columns.some((column) => column.name === place.member) ?? false;
    case "enum-value":
      return place.member !== null && (schema.enums.get(key)?.values.includes(place.member) ?? false);
  }
}

/** Everything in the schema that the path can mean. */
export function findPlaces(schema: Schema, path: readonly string[]): readonly Place[] {
  const places: Place[] = [];
  const add = (kind: PlaceKind, object: ObjectName, member: string | null) => {
    const place = { kind, object, member };
    if (hasPlace(schema, place)) places.push(place);
  };
  const [first = "", second, third, ...more] = path;
  if (more.length > 0) return [];
  const object = (): ObjectName =>
    second === undefined ? { namespace: null, name: first } : { namespace: first, name: second };
  if (third === undefined) {
    for (const kind of ["table", "view", "enum", "sequence"] as const) add(kind, object(), null);
  }
  const owner = third === undefined ? { namespace: null, name: first } : object();
  const member = third ?? second;
  if (member !== undefined) for (const kind of ["column", "enum-value"] as const) add(kind, owner, member);
  return places;
}
