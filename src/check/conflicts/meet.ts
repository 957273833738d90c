import type { Mention, Touch, Whole, Write } from "./touch.js";

/** Parts of a table that its rows do not notice. */
const unnoticed = ["index", "options", "row security"];

/**
 * The objects at which two revisions meet, so that the order in which they run may matter; none when both orders
 * give the same schema.
 */
export function meetings(a: Touch, b: Touch): readonly string[] {
  const labels = new Map<string, { readonly label: string; readonly owner: string | null }>();
  const found = ({ key, label, owner }: Pick<Write, "key" | "label" | "owner">) => {
    if (!labels.has(key)) labels.set(key, { label, owner });
  };
  written(a, b, found);
  oneSided(a, b, found);
  oneSided(b, a, found);
  const names = new Set(a.names);
  const places = [...a.writes, ...a.needs, ...b.writes, ...b.needs];
  for (const name of b.names) {
    const shown = name.split("\u0000").at(-1) ?? name;
    const isKnown = places.some(({ name: one, key }) => one === shown && labels.has(key));
    if (names.has(name) && !isKnown) found({ key: name, label: `the name ${shown}`, owner: null });
  }
  // Where a table is one of them, its parts say nothing more.
  return [...labels.values()]
    .filter(({ owner }) => owner === null || !labels.has(owner))
    .filter(({ label }, _at, all) => !isDefaultOfListed(label, all))
    .map(({ label }) => label)
    .sort();
}

/** A column that is new, gone or of another type says it for its default. */
function isDefaultOfListed(label: string, all: readonly { readonly label: string }[]): boolean {
  const column = label.startsWith("default ") ? `column ${label.slice("default ".length)}` : null;
  return column !== null && all.some((other) => other.label === column);
}

type Found = (place: Pick<Write, "key" | "label" | "owner">) => void;

function written(a: Touch, b: Touch, found: Found): void {
  const keys = new Set(b.writes.map(({ key }) => key));
  for (const write of a.writes) if (keys.has(write.key)) found(write);
}

/** What one side changes and the other relies on. */
function oneSided(changing: Touch, relying: Touch, found: Found): void {
  const needs = new Set(relying.needs.map(({ key }) => key));
  const needsParts = new Set(relying.needs.flatMap(({ owner, key }) => (owner === null ? [key] : [owner])));
  for (const write of changing.writes) {
    if (write.breaks && needs.has(write.key)) found(write);
    if (relying.mentions.some((mention) => mentions(mention, write))) found(write);
    if (relying.wholes.some((whole) => isNoticed(write, whole))) found(write);
  }
  for (const whole of changing.wholes) {
    const { place, kind } = whole;
    const both = relying.wholes.find((other) => other.place.key === place.key && !areApart(whole, other));
    if (both !== undefined) {
      found(kind === "rows" && both.kind === "rows" ? { ...place, label: `rows of ${place.name}` } : place);
    } else if (kind === "definition" && needsParts.has(place.key)) found(place);
  }
}

/** Two UPDATEs of which neither sets a column that the other has anything to do with. */
function areApart(a: Whole, b: Whole): boolean {
  if (a.sets === null || b.sets === null) return false;
  return ![...a.sets].some((name) => b.words.has(name)) && ![...b.sets].some((name) => a.words.has(name));
}

/** True where what works on a whole table has to do with a change to it or to a part of it. */
function isNoticed(write: Write, { place, kind, all }: Whole): boolean {
  if (write.key === place.key) return true;
  if (write.owner !== place.key) return false;
  return kind === "definition" || !(unnoticed.includes(write.kind) || (write.optional === true && !all));
}

/** True where a text may name what is changed. */
function mentions({ words, all, owner }: Mention, write: Write): boolean {
  if (!write.breaks) return false;
  if (write.owner === null) return words.has(write.name);
  if (write.owner === owner) return all || words.has(write.name);
  const [, , table] = JSON.parse(write.owner) as [string, string | null, string];
  return words.has(table) && (words.has(write.name) || (all && write.kind === "column"));
}
