import { AludelError } from "../error/error.js";
import { nameKey, type ObjectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { type Place, type PlaceKind, placeKinds, type Rename } from "./contract.js";

const plain = /^[^\s".:'=]+$/;

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

const partPattern = /"((?:[^"]|"")*)"|([^".:=]+)/y;

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

/** The parts that a text begins with, and what comes after them. @throws AludelError `usage`. */
export function readPath(text: string): { readonly parts: readonly string[]; readonly rest: string } {
  const { parts, end } = readParts(text, 0);
  return { parts, rest: text.slice(end) };
}

/** A word as a shell reads it. */
export function shellWord(text: string): string {
  return /^[\w.:-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The inverse of `formatPath`. @throws AludelError `usage`. */
export function parsePath(text: string): readonly string[] {
  const { parts, end } = readParts(text, 0);
  if (end !== text.length) throw unreadable(text, "persons.email");
  return parts;
}

/**
 * What `--rename persons.name:persons.full_name` says. The kind may stand in front, where one name is two things:
 * `column mood.sad:mood.unhappy`.
 * @throws AludelError `usage`.
 */
export function parseRename(text: string): Rename {
  const kind = placeKinds.find((one) => text.startsWith(`${one} `));
  const names = kind === undefined ? text : text.slice(kind.length + 1);
  const { end } = readParts(names, 0);
  if (names.charAt(end) !== ":") throw unreadable(text, "persons.name:persons.full_name");
  const to = names.slice(end + 1);
  parsePath(to);
  return { ...(kind === undefined ? {} : { kind }), from: names.slice(0, end), to };
}

/** A key for sets of places. */
export function placeKey(place: Place): string {
  return JSON.stringify([place.kind, place.object.namespace, place.object.name, place.member]);
}

type Member = Exclude<PlaceKind, (typeof objectKinds)[number]>;
const objectKinds = ["enum", "domain", "composite", "sequence", "table", "view"] as const;

const mapsOf = {
  enum: "enums",
  domain: "domains",
  composite: "composites",
  sequence: "sequences",
  table: "tables",
  view: "views",
} as const satisfies Readonly<Record<(typeof objectKinds)[number], keyof Schema>>;

function isObjectKind(kind: PlaceKind): kind is (typeof objectKinds)[number] {
  return kind in mapsOf;
}

/** The names that the parts of an object have. */
function membersOf(schema: Schema, kind: Member, object: ObjectName): readonly (string | null)[] {
  const key = nameKey(object);
  const names = (parts: readonly { readonly name: string | null }[] = []) => parts.map((part) => part.name);
  switch (kind) {
    case "enum-value":
      return schema.enums.get(key)?.values ?? [];
    case "attribute":
      return names(schema.composites.get(key)?.attributes);
    case "column":
      return names(schema.tables.get(key)?.columns);
    case "constraint":
      return names(schema.tables.get(key)?.constraints);
    case "index":
      return names((schema.tables.get(key) ?? schema.views.get(key))?.indexes);
  }
}

/** True when the schema has the place. */
export function hasPlace(schema: Schema, { kind, object, member }: Place): boolean {
  if (isObjectKind(kind)) return schema[mapsOf[kind]].has(nameKey(object));
  return member !== null && membersOf(schema, kind, object).includes(member);
}

/** Everything in the schema that the path can mean; `home` is what the default namespace may be called. */
export function findPlaces(
  schema: Schema,
  path: readonly string[],
  home: string | null = null,
): readonly Place[] {
  const [first, ...rest] = path;
  const found = placesAt(schema, path);
  if (found.length > 0 || home === null || first !== home || rest.length === 0) return found;
  return placesAt(schema, rest).filter(({ object }) => object.namespace === null);
}

function placesAt(schema: Schema, path: readonly string[]): readonly Place[] {
  const places: Place[] = [];
  const add = (kind: PlaceKind, object: ObjectName, member: string | null) => {
    const place = { kind, object, member };
    if (hasPlace(schema, place)) places.push(place);
  };
  const [first = "", second, third, ...more] = path;
  if (more.length > 0) return [];
  const object = (): ObjectName =>
    second === undefined ? { namespace: null, name: first } : { namespace: first, name: second };
  const owner = third === undefined ? { namespace: null, name: first } : object();
  const member = third ?? second;
  for (const kind of placeKinds) {
    if (!isObjectKind(kind)) {
      if (member !== undefined) add(kind, owner, member);
    } else if (third === undefined) add(kind, object(), null);
  }
  return places;
}
